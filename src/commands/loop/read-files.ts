/** The files of a directory of captures, and their lines. A server may write there meanwhile, and delete. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../command-line.cjs';
import { readLines } from './read-lines';
import { readTable } from './read-table';

/** What could not be read. */
export interface Missing {
  /** Files that were there when the directory was listed: a server makes room, or a link leads nowhere. */
  goneFiles: number;
  /** Tables that were read up to where they are no table, such as where a crash cut them off. */
  brokenFiles: number;
}

export function findFiles(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => isLines(name) || isTable(name));
  if (names.length === 0)
    throw new UsageError(`Expected files *.ndjson or *.arrows of captures in ${directory}, got none.`);
  const paths = names.sort().map((name) => join(directory, name));
  // A pipe would be waited for, a device read without end.
  const other = paths.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === false);
  if (other !== undefined)
    throw new UsageError(`${other} is no file: expected files *.ndjson or *.arrows of captures. Move it elsewhere.`);
  return paths;
}

export const isLines = (path: string) => path.endsWith('.ndjson');
const isTable = (path: string) => path.endsWith('.arrows');

/** Gives undefined for a line that is too long. */
export async function* readFiles(paths: readonly string[], counts: Missing): AsyncGenerator<string | undefined> {
  for (const path of paths) {
    try {
      yield* isTable(path) ? readTable(path) : readLines(path);
    } catch (failure) {
      const { code, syscall } = failure as NodeJS.ErrnoException;
      if (code === 'ENOENT') counts.goneFiles++;
      else if (syscall === undefined) counts.brokenFiles++;
      else throw failure;
    }
  }
}
