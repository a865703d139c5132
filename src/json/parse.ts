/** JSON to values, as `JSON.parse` makes them, in turns and within limits; long integers exact where they are asked for. */
import { isUtf8 } from 'node:buffer';
import { Problem } from '../problem';
import type { Work } from '../turns';
import type { JsonLimits } from './limits';
import { isDeeper, type LongContainer, outlineJson, pieceBytes, tooDeep } from './outline';

/** Text of JSON to its value; throws a SyntaxError. */
export type ParseText = (text: string) => unknown;

/** Every byte is parsed once. Throws the problems `malformed-body` and `too-many-values`. */
export function* parseJson(bytes: Buffer, limits: JsonLimits, parseText: ParseText = JSON.parse): Work<unknown> {
  if (bytes.length === 0) throw new Problem('malformed-body', 'Expected a JSON object, got an empty body.');
  if (!isUtf8(bytes)) throw new Problem('malformed-body', 'Expected UTF-8 text, got bytes that are not valid UTF-8.');
  if (bytes.length <= pieceBytes) {
    if (isDeeper(bytes, limits.maxDepth)) throw tooDeep(limits.maxDepth);
    return parsePiece(bytes.toString(), parseText);
  }
  const root = yield* outlineJson(bytes, limits);
  if (root === undefined) return parsePiece(bytes.toString(), parseText);
  expectSpace(bytes, 0, root.open);
  expectSpace(bytes, root.close + 1, bytes.length);
  return yield* parseContainer(bytes, root, parseText);
}

const openingBracket = 0x5b;

/** An array or object on its way: takes the text of some of its elements, or one that has been parsed. */
interface Builder {
  /** `isAlone` says that the text holds all there is, which may be nothing. */
  addText(text: string, from: number, isAlone: boolean): void;
  /** `text` stands between the last comma or bracket and the element. */
  addElement(text: string, from: number, value: unknown): void;
  readonly value: unknown;
}

function* parseContainer(json: Buffer, container: LongContainer, parseText: ParseText): Work<unknown> {
  const { open, close, cuts, children } = container;
  const builder = json[open] === openingBracket ? buildArray(parseText) : buildObject(parseText);
  let from = open + 1;
  let passed = 0;
  for (let piece = 0; piece <= cuts.length; piece++) {
    const to = cuts[piece] ?? close;
    const child = children[passed];
    if (child === undefined || child.open > to) {
      builder.addText(json.toString('utf8', from, to), from, cuts.length === 0);
    } else {
      passed++;
      expectSpace(json, child.close + 1, to);
      builder.addElement(json.toString('utf8', from, child.open), from, yield* parseContainer(json, child, parseText));
    }
    from = to + 1;
    yield;
  }
  return builder.value;
}

function buildArray(parseText: ParseText): Builder {
  const value: unknown[] = [];
  return {
    value,
    addText(text, from, isAlone) {
      const elements = parsePiece(`[${text}]`, parseText, from) as readonly unknown[];
      if (elements.length === 0 && !isAlone) throw nothingBetweenCommas(from);
      for (const element of elements) value.push(element);
    },
    addElement(text, from, element) {
      if (/[^ \t\n\r]/.test(text)) throw malformed(`no comma before the value behind byte ${from}`);
      value.push(element);
    },
  };
}

function buildObject(parseText: ParseText): Builder {
  const value: Record<string, unknown> = {};
  return {
    value,
    addText(text, from, isAlone) {
      const members = Object.entries(parsePiece(`{${text}}`, parseText, from) as object);
      if (members.length === 0 && !isAlone) throw nothingBetweenCommas(from);
      for (const [name, member] of members) putMember(value, name, member);
    },
    addElement(text, from, member) {
      const [name] = Object.keys(parsePiece(`{${text}0}`, parseText, from) as object);
      if (name === undefined || !/:[ \t\n\r]*$/.test(text))
        throw malformed(`no name before the value behind byte ${from}`);
      putMember(value, name, member);
    },
  };
}

// An assignment to `__proto__` would change the object's prototype.
function putMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') members[name] = value;
  else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

function expectSpace(json: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const byte = json[at];
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
    const token = json.toString('utf8', at, Math.min(to, at + 4))[0] ?? '';
    throw malformed(`unexpected token ${JSON.stringify(token)} at byte ${at}`);
  }
}

function parsePiece(text: string, parseText: ParseText, from?: number): unknown {
  try {
    return parseText(text);
  } catch (cause) {
    throw malformed(from === undefined ? syntaxDetail(cause) : `${syntaxDetail(cause)}, behind byte ${from}`, cause);
  }
}

function nothingBetweenCommas(from: number): Problem {
  return malformed(`no value before the comma or bracket behind byte ${from}`);
}

function malformed(detail: string, cause?: unknown): Problem {
  return new Problem('malformed-body', `Expected JSON: ${detail}.`, { cause });
}

/** The parser's own words say where the text goes wrong; they quote a few characters of the body at most. */
function syntaxDetail(cause: unknown): string {
  return cause instanceof SyntaxError
    ? cause.message.replace(/ is not valid JSON$/, '').replace(/\s+/g, ' ')
    : 'the text cannot be parsed';
}
