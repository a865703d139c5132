/** Copies of weights that the build of a deploy has checked. To compare bytes is quicker than to load what hashes them. */
import { readFile } from 'node:fs';
import { join } from 'node:path';
import { codeDirectory } from '../../directory';

/** The place of a copy, by the hash that it was found to have. */
export const toCopyPath = (hash: string) => join(codeDirectory, 'model/weights', `checked-${hash}`);

/** Undefined where the build made none. */
export function readCheckedCopy(hash: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => readFile(toCopyPath(hash), (failure, bytes) => resolve(failure ? undefined : bytes)));
}
