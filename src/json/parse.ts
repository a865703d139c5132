/** Parses JSON like `JSON.parse`, but in turns and within limits, with exact long integers on request. */
import { isUtf8 } from 'node:buffer';
import { Problem } from '../problem';
import type { Work } from '../turns';
import { isDeeper, tooDeep } from './depth';
import type { JsonLimits } from './limits';
import { quote } from './long-string';
import { type LongValue, pieceBytes } from './long-value';
import { malformed, syntaxDetail, unreadable } from './malformed';
import { outlineJson } from './outline';
import { expectSpace, textOfPiece } from './piece';

/** Parses JSON text; throws a SyntaxError. */
export type ParseText = (text: string) => unknown;

/** No JSON text begins with it, whatever follows. */
const firstOfByteOrderMark = 0xef;

/** Parses each byte once. Throws the problems `malformed-body` and `too-many-values`. */
export function* parseJson(bytes: Buffer, limits: JsonLimits, parseText: ParseText = JSON.parse): Work<unknown> {
  if (bytes.length === 0) throw new Problem('malformed-body', 'Expected a JSON object, got an empty body.');
  if (bytes[0] === firstOfByteOrderMark || !isUtf8(bytes)) throw unreadable(bytes);
  if (bytes.length <= pieceBytes) {
    if (isDeeper(bytes, limits.maxDepth)) throw tooDeep(limits.maxDepth);
    return parsePiece(bytes.toString(), parseText);
  }
  const root = yield* outlineJson(bytes, limits);
  if (root === undefined) return parsePiece(yield* textOfPiece(bytes, 0, bytes.length), parseText);
  yield* expectSpace(bytes, 0, root.open);
  yield* expectSpace(bytes, root.close + 1, bytes.length);
  return yield* parseLong(bytes, root, parseText);
}

function parseLong(json: Buffer, long: LongValue, parseText: ParseText): Work<unknown> {
  return json[long.open] === quote ? parseString(json, long) : parseContainer(json, long, parseText);
}

function* parseString(json: Buffer, { open, close, cuts }: LongValue): Work<string> {
  if (close === json.length) throw malformed(`unterminated string at byte ${open}`);
  const texts: string[] = [];
  let from = open + 1;
  for (const to of [...cuts, close]) {
    texts.push(parsePiece(`"${json.toString('utf8', from, to)}"`, JSON.parse, from) as string);
    from = to;
    yield;
  }
  return texts.join('');
}

const openingBracket = 0x5b;

/** Builds an array or object from the text of some elements, or from one parsed element. */
interface Builder {
  /** `isAlone` means that the text holds all elements, possibly none. */
  addText(text: string, from: number, isAlone: boolean): void;
  /** `text` is what lies between the last comma or bracket and the element. */
  addElement(text: string, from: number, value: unknown): void;
  readonly value: unknown;
}

function* parseContainer(json: Buffer, container: LongValue, parseText: ParseText): Work<unknown> {
  const { open, close, cuts, children } = container;
  const builder = json[open] === openingBracket ? buildArray(parseText) : buildObject(parseText);
  let from = open + 1;
  let passed = 0;
  for (let piece = 0; piece <= cuts.length; piece++) {
    const to = cuts[piece] ?? close;
    const child = children[passed];
    if (child === undefined || child.open > to) {
      builder.addText(yield* textOfPiece(json, from, to), from, cuts.length === 0);
    } else {
      passed++;
      yield* expectSpace(json, child.close + 1, to);
      const text = yield* textOfPiece(json, from, child.open);
      builder.addElement(text, from, yield* parseLong(json, child, parseText));
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
      if (/[^ \t\n\r]/.test(text)) throw malformed(`missing comma before the value after byte ${from}`);
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
        throw malformed(`missing name before the value after byte ${from}`);
      putMember(value, name, member);
    },
  };
}

// Assigning to `__proto__` would change the object's prototype.
function putMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') members[name] = value;
  else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

function parsePiece(text: string, parseText: ParseText, from?: number): unknown {
  try {
    return parseText(text);
  } catch (cause) {
    const detail = syntaxDetail(text, cause);
    throw malformed(from === undefined ? detail : `${detail}, after byte ${from}`, cause);
  }
}

function nothingBetweenCommas(from: number): Problem {
  return malformed(`missing value before the comma or bracket after byte ${from}`);
}
