/** Build step: checks the cards of the model and of its candidate, and writes their validators as source, so that no start compiles them. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { candidateDirectory } from '../candidate/beside';
import { readConfig } from '../config';
import { codeDirectory } from '../directory';
import { readCard } from '../model/card';
import { toValidatorSource } from '../model/compile';
import { builtModules } from '../model/validators';

const { modelDirectory } = readConfig();
const toTarget = (name: string) => join(codeDirectory, name);

function compile(directory: string, target: string): void {
  writeFileSync(target, toValidatorSource(readCard(directory)));
}

compile(modelDirectory, toTarget(builtModules.champion));
const candidate = join(modelDirectory, candidateDirectory);
if (existsSync(candidate)) compile(candidate, toTarget(builtModules.candidate));
else rmSync(toTarget(builtModules.candidate), { force: true });
