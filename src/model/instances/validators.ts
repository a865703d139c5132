/** The validators of a card: those that the build has compiled, or new ones for a card that the build did not see. */
import { join } from 'node:path';
import { codeDirectory } from '../../directory';
import type { CardFile } from '../card/card';
import type { InstanceValidators } from './compile';

/** The modules that the build writes into `dist/`, for the model and for its candidate. */
export const builtModules = {
  champion: join(codeDirectory, 'validators.built.js'),
  candidate: join(codeDirectory, 'candidate-validators.built.js'),
};

interface BuiltValidators extends InstanceValidators {
  readonly cardSha256: string;
}

export function loadValidators(cardFile: CardFile): InstanceValidators {
  for (const file of Object.values(builtModules)) {
    const built = loadBuilt(file);
    if (built?.cardSha256 === cardFile.sha256) return built;
  }
  // Loading ajv and compiling costs many times what the rest of the start does, so only this path pays for it.
  const { compileValidators } = require('./compile') as typeof import('./compile');
  return compileValidators(cardFile);
}

function loadBuilt(file: string): BuiltValidators | undefined {
  try {
    return require(file) as BuiltValidators;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw failure;
  }
}
