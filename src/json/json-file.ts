/** Reads a JSON file that people write: what is wrong with it is said with the file, the line and the column. */
import { readFileSync } from 'node:fs';

export interface JsonFile {
  readonly bytes: Buffer;
  readonly document: unknown;
}

/** Throws an error that names the file. */
export function readJsonFile(path: string): JsonFile {
  const bytes = readBytes(path);
  const text = bytes.toString();
  try {
    return { bytes, document: JSON.parse(text) };
  } catch (failure) {
    throw new FileFault(`${path}${placeOf(failure as Error, text)} is not JSON: ${(failure as Error).message}.`);
  }
}

/** Whose fault it is stands in the file: where our code read it says nothing. */
class FileFault extends Error {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (failure) {
    throw (failure as NodeJS.ErrnoException).code === 'ENOENT' ? new FileFault(`${path} is missing.`) : failure;
  }
}

/** Where V8 gives a position, an editor wants the line and the column; else its message quotes what is around. */
function placeOf({ message }: Error, text: string): string {
  const [, position = message.includes('end of JSON') ? text.length : undefined] =
    /at position (\d+)/.exec(message) ?? [];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
