/** Processor time of a process and all its descendants. */
import { existsSync, readFileSync } from 'node:fs';
import { treeOf } from './process-tree.mjs';

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const ticksPerSecond = 100;

/** @returns {number | undefined} nothing where there is no /proc */
export function treeCpuSeconds(pid) {
  if (!existsSync(`/proc/${pid}/stat`)) return undefined;
  return treeOf(pid).reduce((sum, each) => sum + cpuSeconds(each), 0);
}

function cpuSeconds(pid) {
  // The name of the program, in brackets, may hold spaces; user and system time are the 14th and 15th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
