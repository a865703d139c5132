/** Runs `npm run model` as a shell does, in a directory of its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDirectory } from '../../processes';

export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export const work = mkdtempSync(join(tmpdir(), 'model-command-'));

export function run(...options: readonly string[]): Promise<Outcome> {
  const command = [join(projectDirectory, 'dist/commands/model/main.js'), ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: work }, (failure, output, errors) => {
      resolve({ code: failure === null ? 0 : Number(failure.code), output, errors });
    });
  });
}
