/** Differences of two trees, as Git shows them, or diff; without both, their lists. */
import { spawnSync } from 'node:child_process';

const programs = /** @type {const} */ ([
  ['git', 'diff', '--no-index', '--no-color', '--no-ext-diff', '--no-prefix', 'a', 'b'],
  ['diff', '-ruN', 'a', 'b'],
]);

/**
 * @param {string} directory with `a` and `b` in it
 * @param {readonly string[]} paths what differs
 */
export function compareFiles(directory, paths) {
  for (const [program, ...words] of programs) {
    const { status, stdout } = spawnSync(program, words, { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28 });
    // 1: there are differences.
    if (status === 1) return stdout;
  }
  return `Neither git nor diff was found, so only names can be shown:\n${paths.join('\n')}`;
}
