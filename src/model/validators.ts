/** The validators of a card: those that the build has compiled, or new ones for a card that the build did not see. */
import type { CardFile } from './card';
import type { InstanceValidators } from './compile';

/** The module that the build writes beside this one. */
export const builtModule = 'validators.built.js';

interface BuiltValidators extends InstanceValidators {
  readonly cardSha256: string;
}

export function loadValidators(cardFile: CardFile, directory: string): InstanceValidators {
  const built = loadBuilt();
  if (built?.cardSha256 === cardFile.sha256) return built;
  // Loading ajv and compiling costs many times what the rest of the start does, so only this path pays for it.
  const { compileValidators } = require('./compile') as typeof import('./compile');
  return compileValidators(cardFile, directory);
}

function loadBuilt(): BuiltValidators | undefined {
  try {
    return require(`./${builtModule}`) as BuiltValidators;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw failure;
  }
}
