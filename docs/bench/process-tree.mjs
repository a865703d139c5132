/** A process and all its descendants: servers of models start workers, which outlive a parent that is killed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** @returns {number[]} process ids, the root first */
export function treeOf(pid) {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

export function killTree(pid) {
  for (const each of treeOf(pid)) {
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

function childrenOf(pid) {
  const tasks = `/proc/${pid}/task/${pid}/children`;
  const text = existsSync(tasks)
    ? readFileSync(tasks, 'utf8')
    : (spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout ?? '');
  return text.split(/\s+/).filter(Boolean).map(Number);
}
