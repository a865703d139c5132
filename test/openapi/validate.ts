/** What a validator of its own says of an OpenAPI document. */
import { execFileSync } from 'node:child_process';
import { projectDirectory } from '../processes';

export interface Verdict {
  readonly valid: boolean;
  /** Of OpenAPI. */
  readonly version: string;
  readonly errors?: unknown;
}

export function validateOpenApi(document: unknown): Verdict {
  // The validator is an ES module, which Jest does not load.
  const program = `
    import { readFileSync } from 'node:fs';
    import { Validator } from '@seriousme/openapi-schema-validator';
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(readFileSync(0, 'utf8')));
    console.log(JSON.stringify({ valid, errors, version: validator.version }));`;
  const words = ['--input-type=module', '--eval', program];
  const input = JSON.stringify(document);
  return JSON.parse(
    execFileSync(process.execPath, words, { input, cwd: projectDirectory, encoding: 'utf8' }),
  ) as Verdict;
}
