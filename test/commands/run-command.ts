/** Runs a command of `dist/commands/` as a shell does. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectDirectory } from '../processes';

export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** `name` is the folder of its `main`. */
export function runCommand(name: string, words: readonly string[], cwd = projectDirectory): Promise<Outcome> {
  const program = join(projectDirectory, 'dist/commands', name, 'main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { cwd }, (failure, output, errors) => {
      resolve({ code: failure === null ? 0 : Number(failure.code), output, errors });
    });
  });
}
