/** Gives servers one core and the clients another, so that neither measures the other's work. */
import { spawnSync } from 'node:child_process';

/**
 * Moves this process, and with it the load generators it starts, to the first core.
 * @returns {{ isPinned: boolean, onServerCore: (command: string[]) => string[] }}
 */
export function splitCores() {
  const cores = allowedCores();
  if (cores.length < 2) return { isPinned: false, onServerCore: (command) => command };

  const [clientCore] = cores;
  const serverCore = cores.at(-1);
  spawnSync('taskset', ['-acp', clientCore, String(process.pid)]);
  return { isPinned: true, onServerCore: (command) => ['taskset', '-c', serverCore, ...command] };
}

/** Core numbers this process may use, from "pid 12's current affinity list: 0-2,5"; none without taskset. */
function allowedCores() {
  const { status, stdout } = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  if (status !== 0) return [];
  return stdout.split(': ').at(-1).trim().split(',').flatMap(toCores);
}

function toCores(range) {
  const [first, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, offset) => String(first + offset));
}
