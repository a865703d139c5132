/** Runs `npm run model` as a shell does, in a directory of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runCommand } from '../run-command';

export const work = mkdtempSync(join(tmpdir(), 'model-command-'));

export function run(...options: readonly string[]): Promise<Outcome> {
  return runCommand('model', options, work);
}
