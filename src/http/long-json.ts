/** JSON of a long body, parsed in turns of the event loop: at half a microsecond a row, 100 000 rows take 50 ms. */
import { endOfString } from './json-depth';

/** Bytes that are parsed in one turn: a millisecond or two. */
const turnBytes = 32 * 1024;

export type Parsed = { readonly value: unknown } | { readonly failure: unknown };

/** An array among the members of an object: the bytes of its name and brackets, and the commas that part its pieces. */
interface LongArray {
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly open: number;
  readonly close: number;
  readonly cuts: readonly number[];
}

/**
 * Parses what `JSON.parse` parses, to the same value or the same error.
 *
 * Where the body is an object with a long array in it, the array's elements are parsed a piece a turn. The rest is parsed
 * at once, with a word in the array's place: if each part is JSON, so is the whole.
 */
export function parseInTurns(body: Buffer, done: (parsed: Parsed) => void): void {
  const array = findLongArray(body);
  const frame = array && parseFrame(body, array);
  if (array === undefined || frame === undefined) return done(parse(body.toString()));
  const { open, close, cuts } = array;
  const elements: unknown[] = [];

  function parsePiece(index: number, from: number): void {
    const to = cuts[index] ?? close;
    const piece = parse(`[${body.toString('utf8', from, to)}]`);
    // Nothing between two commas would be an empty piece, but is no JSON. The whole body's error says where it goes wrong.
    if (!('value' in piece) || (piece.value as unknown[]).length === 0) return done(parse(body.toString()));
    for (const element of piece.value as unknown[]) elements.push(element);
    if (index < cuts.length) setImmediate(parsePiece, index + 1, to + 1);
    else done({ value: frame?.(elements) });
  }

  parsePiece(0, open + 1);
}

function parse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (failure) {
    return { failure };
  }
}

/** What is around the array, as a function that puts the array in; undefined where it is no JSON. */
function parseFrame(body: Buffer, { nameFrom, nameTo, open, close }: LongArray) {
  const name = parse(body.toString('utf8', nameFrom, nameTo));
  // No caller can have sent this word.
  const word = String(Math.random());
  const frame = parse(`${body.toString('utf8', 0, open)}"${word}"${body.toString('utf8', close + 1)}`);
  if (!('value' in name && 'value' in frame)) return undefined;
  const key = name.value as string;
  const members = frame.value as Record<string, unknown>;
  // A later member of the same name is the one that counts.
  return (elements: unknown[]) => (members[key] === word ? { ...members, [key]: elements } : members);
}

const kinds = new Uint8Array(256);
const quote = 1;
const opening = 2;
const closing = 3;
const comma = 4;
for (const [characters, kind] of [
  ['"', quote],
  ['[{', opening],
  [']}', closing],
  [',', comma],
] as const) {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
}
const bracket = 0x5b;
const closingBracket = 0x5d;

/** The first array of more than one piece; follows brackets and strings only, for the parser says whether all is JSON. */
function findLongArray(body: Buffer): LongArray | undefined {
  let depth = 0;
  let nameFrom = 0;
  let nameTo = 0;
  let open = -1;
  let cuts: number[] = [];
  let lastCut = 0;

  function enter(at: number): void {
    depth++;
    if (depth !== 2) return;
    open = body[at] === bracket ? at : -1;
    cuts = [];
    lastCut = at;
  }

  function cut(at: number): void {
    if (depth !== 2 || at - lastCut <= turnBytes) return;
    cuts.push(at);
    lastCut = at;
  }

  function isEnd(at: number): boolean {
    depth--;
    return depth === 1 && open !== -1 && cuts.length > 0 && body[at] === closingBracket;
  }

  for (let at = 0; at < body.length; at++) {
    const kind = kinds[body[at] as number];
    if (kind === 0) continue;
    if (kind === quote) {
      const from = at;
      at = endOfString(body, at);
      if (depth === 1) [nameFrom, nameTo] = [from, at + 1];
    } else if (kind === opening) enter(at);
    else if (kind === comma) cut(at);
    else if (isEnd(at)) return { nameFrom, nameTo, open, close: at, cuts };
  }
  return undefined;
}
