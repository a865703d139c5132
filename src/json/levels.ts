/** Tracks the open arrays and objects of a text: what they hold so far, and where long ones can be cut. */
import { Problem } from '../problem';
import { createCounts } from './counts';
import { tooDeep } from './depth';
import { kindOf } from './kinds';
import type { JsonLimits } from './limits';
import { type LongValue, pieceBytes } from './long-value';

const openingBrace = 0x7b;
const closingBrace = 0x7d;
/** Distance in ASCII from an opening bracket to its closing one. */
const closingDistance = 2;
/** Small integers have fewer digits. */
const longNumber = 10;
/** Names in a new order cost up to 10 µs each to parse, because V8 makes a shape for each. */
const namesOfPiece = 400;

export type Levels = ReturnType<typeof createLevels>;

export function createLevels(json: Uint8Array, maxDepth: number) {
  const counts = createCounts(json);
  let depth = 0;
  const opens: number[] = [];
  const commas: number[] = [];
  const lastCommas: number[] = [];
  const lastCuts: number[] = [];
  const namesAtCuts: number[] = [];
  // Created on demand, because few containers are long.
  const cuts: (number[] | undefined)[] = [];
  const children: (LongValue[] | undefined)[] = [];
  let isBehindLongChild = false;
  /** Whether the next string in an object is a name, and whether the current number has been counted. */
  let isNameDue = false;
  let isBoxed = false;

  function open(at: number): void {
    if (depth === maxDepth) throw tooDeep(maxDepth);
    counts.open(depth, json[at] === openingBrace);
    isNameDue = true;
    isBoxed = false;
    opens[depth] = at;
    commas[depth] = 0;
    lastCommas[depth] = at;
    lastCuts[depth] = at;
    namesAtCuts[depth] = counts.newNames();
    cuts[depth] = undefined;
    children[depth] = undefined;
    depth++;
  }

  /** Takes a byte of any kind but quotes and closing brackets, which have their own functions. */
  function take(kind: number | undefined, at: number): void {
    if (kind === kindOf.comma) passComma(at);
    else if (kind === kindOf.opening) open(at);
    else if (kind === kindOf.sign) passSign();
    else counts.mix(depth - 1);
  }

  function passComma(at: number): void {
    const level = depth - 1;
    if (level < 0) return;
    passLongNumber(level, at);
    isNameDue = true;
    isBoxed = false;
    (commas[level] as number)++;
    lastCommas[level] = at;
    if (isBehindLongChild || isPiece(level, at)) cut(level, at);
    isBehindLongChild = false;
  }

  function isPiece(level: number, at: number): boolean {
    if (at - (lastCuts[level] as number) > pieceBytes) return true;
    return counts.newNames() - (namesAtCuts[level] as number) > namesOfPiece;
  }

  function cut(level: number, at: number): void {
    const own = cuts[level];
    if (own === undefined) cuts[level] = [at];
    else own.push(at);
    lastCuts[level] = at;
    namesAtCuts[level] = counts.newNames();
  }

  /** Ends the innermost container. Returns it if it is outermost and long. */
  function close(at: number): LongValue | undefined {
    const level = depth - 1;
    const from = opens[level];
    if (level < 0 || from === undefined || json[at] !== (json[from] as number) + closingDistance)
      throw unmatched(json, at);
    depth = level;
    isBehindLongChild = false;
    passLongNumber(level, at);
    isNameDue = false;
    isBoxed = true;
    // A container has one more element than commas.
    counts.close(level, json[at] === closingBrace, (commas[level] as number) + 1);
    if (at - from <= pieceBytes) return undefined;
    return pass({ open: from, close: at, cuts: cuts[level] ?? [], children: children[level] ?? [] });
  }

  /** Adds a long value to its container. Returns it if there is none. */
  function pass(long: LongValue): LongValue | undefined {
    if (depth === 0) return long;
    passLongChild(depth - 1, long);
    return undefined;
  }

  function passString(from: number, to: number): void {
    const level = depth - 1;
    if (isNameDue && level >= 0 && json[opens[level] as number] === openingBrace) counts.name(level, from, to);
    else {
      counts.text(level, to - from - 1);
      isBoxed = true;
    }
    isNameDue = false;
  }

  function passLong(long: LongValue): LongValue | undefined {
    counts.text(depth - 1, long.close - long.open);
    isNameDue = false;
    return pass(long);
  }

  /** Ends an element before `at`. Its length includes name and space, so a number may be counted as long by mistake. */
  function passLongNumber(level: number, at: number): void {
    if (!isBoxed && at - (lastCommas[level] as number) > longNumber) counts.box(level);
  }

  function passSign(): void {
    if (!isBoxed) counts.box(depth - 1);
    isBoxed = true;
  }

  function passLongChild(level: number, child: LongValue): void {
    const lastComma = lastCommas[level] as number;
    if (lastComma > (lastCuts[level] as number)) cut(level, lastComma);
    const own = children[level];
    if (own === undefined) children[level] = [child];
    else own.push(child);
    isBehindLongChild = true;
  }

  function checkEnd(limits: JsonLimits): void {
    if (depth > 0) throw unclosed(depth);
    counts.check(limits);
  }

  return { take, close, passString, passLong, checkEnd };
}

function unmatched(json: Uint8Array, at: number): Problem {
  const bracket = String.fromCharCode(json[at] as number);
  return new Problem('malformed-body', `Expected JSON: unexpected "${bracket}" at byte ${at}.`);
}

function unclosed(open: number): Problem {
  return new Problem('malformed-body', `Expected JSON: the text ends with ${open} arrays or objects unclosed.`);
}
