/** Reads a JSON file that people edit: what is wrong with it is said with its name, line and column. */
import { readFileSync } from 'node:fs';

// Loaded for a file that is no JSON: its expressions take a start half a millisecond to compile.
const loadExact = () => require('./exact') as typeof import('./exact');

export interface JsonFile {
  readonly document: unknown;
  readonly bytes: Buffer;
}

/** Throws an error that names the file when it is missing or is not JSON. */
export function readJsonFile(path: string): JsonFile {
  const bytes = readBytes(path);
  const text = bytes.toString();
  try {
    return { document: JSON.parse(text), bytes };
  } catch (cause) {
    throw new FileFault(`${path}${describeFault(text) ?? `: ${(cause as Error).message}`}`);
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
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new FileFault(`${path} is a directory: expected a file.`);
    if (code !== 'ENOENT') throw cause;
    throw new FileFault(
      `${path} is missing: expected it in the directory of the model (setting MODEL_DIR, option --model).`,
    );
  }
}

function describeFault(text: string): string | undefined {
  if (text.startsWith('\uFEFF')) return ' starts with a byte order mark: save it as UTF-8 without one.';
  const at = loadExact().findFault(text);
  if (at === undefined) return undefined;
  const lines = text.slice(0, at).split('\n');
  const place = `:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
  return at >= text.length
    ? `${place} is not JSON: the text ends too early.`
    : `${place} is not JSON: ${describeToken(text, at)}.`;
}

function describeToken(text: string, at: number): string {
  const token = text.slice(at, at + 1);
  const before = text.slice(0, at).trimEnd().at(-1);
  if (before === ',' && /[}\]]/.test(token)) return `unexpected ${token} after a comma: remove the comma`;
  if (/[A-Z]/i.test(token)) return `unexpected ${/\w+/.exec(text.slice(at, at + 20))?.[0] ?? token}`;
  return `unexpected ${JSON.stringify(token)}`;
}
