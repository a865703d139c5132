/** Loads the validators of a card: compiled by the build, or compiled now for a card that the build did not see. */
import { join } from 'node:path';
import { codeDirectory } from '../../directory';
import type { CardFile } from '../card/card';
import type { InstanceValidators } from './compile';

// Late: loading ajv and compiling takes many times as long as the rest of the start.
const loadCompiler = () => require('./compile') as typeof import('./compile');

/** The modules that the build writes into `dist/`. */
export const builtModules = {
  champion: join(codeDirectory, 'validators.built.js'),
  candidate: join(codeDirectory, 'candidate-validators.built.js'),
};

export function loadValidators(cardFile: CardFile): InstanceValidators {
  const text = cardFile.bytes.toString();
  for (const file of Object.values(builtModules)) {
    const built = loadBuilt(file);
    if (built?.card === text) return built;
  }
  return loadCompiler().compileValidators(cardFile);
}

function loadBuilt(file: string): (InstanceValidators & { readonly card: string }) | undefined {
  try {
    return require(file);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw failure;
  }
}
