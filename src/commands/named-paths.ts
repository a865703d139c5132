/** What may stand at the paths that the command line names: a wrong one fails before anything is done. */
import { type Stats, statSync } from 'node:fs';
import { describeFailure, UsageError } from './command-line.cjs';

/** Before it is read: a directory fails late, and without its name. */
export function requireFile(path: string): Stats {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw new UsageError(`${path} does not exist: expected a file.`);
  if (entry.isDirectory()) throw new UsageError(`${path} is a directory: expected a file.`);
  return entry;
}

/** What takes the place of a file would take that of a device or a pipe, too, such as /dev/null. */
export function requireReplaceable(path: string, force: boolean): void {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return;
  if (!force) throw new UsageError(`${path} exists; use --force to replace it.`);
  if (entry.isFile()) return;
  throw new UsageError(`${path} is ${entry.isDirectory() ? 'a directory' : 'a device or a pipe'}: expected a file.`);
}

export function requireDirectory(path: string): void {
  if (isDirectory(path)) return;
  throw new UsageError(`${path}: expected a directory, got a file.`);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (failure) {
    throw new UsageError(describeFailure(failure));
  }
}
