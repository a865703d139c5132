/** Runs `npm run loop` as its process. */
import { spawnSync } from 'node:child_process';
import { projectDirectory } from '../../processes';

export function runLoop(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/commands/loop/main.js', ...words], {
    cwd: projectDirectory,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
