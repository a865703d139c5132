/** Memory and processor time of a process and all its descendants. */
import { existsSync, readFileSync } from 'node:fs';
import { residentBytes } from '../bench/memory.mjs';

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const ticksPerSecond = 100;

export const treeBytes = (pid) => treeOf(pid).reduce((sum, each) => sum + residentBytes(each), 0);

/** @returns {number | undefined} nothing where there is no /proc */
export function treeCpuSeconds(pid) {
  if (!existsSync(`/proc/${pid}/stat`)) return undefined;
  return treeOf(pid).reduce((sum, each) => sum + cpuSeconds(each), 0);
}

function treeOf(pid) {
  const file = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  return [pid, ...children.flatMap(treeOf)];
}

function cpuSeconds(pid) {
  // The name of the program, in brackets, may hold spaces; user and system time are the 14th and 15th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
