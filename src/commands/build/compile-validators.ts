/** Checks the cards of the model and its candidate, and writes their validators as source, to save compiling at start. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { readCard } from '../../model/card/card';
import { toValidatorSource } from '../../model/instances/compile';
import { builtModules } from '../../model/instances/validators';
import { candidateDirectory } from '../../serving/candidate';

export function compileValidators(): void {
  const { modelDirectory } = readConfig();
  compile(modelDirectory, builtModules.champion);
  const candidate = join(modelDirectory, candidateDirectory);
  if (existsSync(candidate)) compile(candidate, builtModules.candidate);
  else rmSync(builtModules.candidate, { force: true });
}

function compile(directory: string, target: string): void {
  writeFileSync(target, toValidatorSource(readCard(directory)));
}
