/** One scan of JSON's bytes, before anything is built from them: what they would unfold to, and where they can be cut. */
import { Problem } from '../problem';
import type { Work } from '../turns';
import type { JsonLimits } from './limits';
import { endOfString, outlineString, quote } from './long-string';
import { blockBytes, type LongValue, pieceBytes } from './long-value';

const comma = 0x2c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
/** `[` and `{` differ in this bit only, as do `]` and `}`. */
const braceBit = 0x20;
/** From an opening bracket to the one that closes it. */
const closingDistance = 2;

/**
 * Follows brackets, commas and strings; the parser says whether all else is JSON.
 *
 * Gives the outermost value where it is long. Throws the problem `too-many-values` beyond the limits and
 * `malformed-body` where brackets do not match.
 */
export function* outlineJson(json: Uint8Array, limits: JsonLimits): Work<LongValue | undefined> {
  const levels = createLevels(json, limits.maxDepth);
  let root: LongValue | undefined;
  let yieldAt = blockBytes;

  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === quote) {
      const end = endOfString(json, at, at + pieceBytes);
      if (end < at + pieceBytes) at = end;
      else {
        const long = yield* outlineString(json, at);
        root = levels.pass(long) ?? root;
        at = long.close;
      }
    } else if (byte === comma) levels.passComma(at);
    else if ((byte | braceBit) === openingBrace) levels.open(at);
    else if ((byte | braceBit) === closingBrace) root = levels.close(at) ?? root;
    if (at < yieldAt) continue;
    yieldAt = at + blockBytes;
    yield;
  }
  levels.checkEnd(limits);
  return root;
}

/** The arrays and objects that have begun, with their commas so far and the places where they can be cut. */
function createLevels(json: Uint8Array, maxDepth: number) {
  const counts = { containers: 0, values: 0, members: 0 };
  let depth = 0;
  const opens: number[] = [];
  const commas: number[] = [];
  const lastCommas: number[] = [];
  const lastCuts: number[] = [];
  // Few containers are long: these are made when there is something to put in.
  const cuts: (number[] | undefined)[] = [];
  const children: (LongValue[] | undefined)[] = [];
  let isBehindLongChild = false;

  function open(at: number): void {
    if (depth === maxDepth) throw tooDeep(maxDepth);
    counts.containers++;
    opens[depth] = at;
    commas[depth] = 0;
    lastCommas[depth] = at;
    lastCuts[depth] = at;
    cuts[depth] = undefined;
    children[depth] = undefined;
    depth++;
  }

  function passComma(at: number): void {
    const level = depth - 1;
    if (level < 0) return;
    (commas[level] as number)++;
    lastCommas[level] = at;
    if (isBehindLongChild || at - (lastCuts[level] as number) > pieceBytes) cut(level, at);
    isBehindLongChild = false;
  }

  function cut(level: number, at: number): void {
    const own = cuts[level];
    if (own === undefined) cuts[level] = [at];
    else own.push(at);
    lastCuts[level] = at;
  }

  /** Ends the innermost container. Gives it back where it is the outermost and long. */
  function close(at: number): LongValue | undefined {
    const level = depth - 1;
    const from = opens[level];
    if (level < 0 || from === undefined || json[at] !== (json[from] as number) + closingDistance)
      throw unmatched(json, at);
    depth = level;
    isBehindLongChild = false;
    count(level, json[at] === closingBrace);
    if (at - from <= pieceBytes) return undefined;
    return pass({ open: from, close: at, cuts: cuts[level] ?? [], children: children[level] ?? [] });
  }

  /** Puts what is long into the container around it. Gives it back where there is none. */
  function pass(long: LongValue): LongValue | undefined {
    if (depth === 0) return long;
    passLongChild(depth - 1, long);
    return undefined;
  }

  /** Each container has one element more than commas; an empty one is counted as if it had one. */
  function count(level: number, isObject: boolean): void {
    const elements = (commas[level] as number) + 1;
    counts.values += elements;
    if (isObject && elements > counts.members) counts.members = elements;
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
    if (depth > 0) throw unended(depth);
    checkCounts(counts, limits);
  }

  return { open, close, pass, passComma, checkEnd };
}

type Counts = Readonly<Record<'containers' | 'values' | 'members', number>>;

function checkCounts({ containers, values, members }: Counts, limits: JsonLimits): void {
  const { maxContainers, maxValues, maxMembers, reason } = limits;
  if (containers > maxContainers) throw tooMany(`${maxContainers} arrays and objects`, containers, reason);
  if (values > maxValues) throw tooMany(`${maxValues} values`, values, reason);
  if (members > maxMembers) throw tooMany(`${maxMembers} members in one object`, members, reason);
}

function tooMany(most: string, got: number, reason: string): Problem {
  return new Problem('too-many-values', `Expected at most ${most}, enough for ${reason}, got ${got}.`);
}

export function tooDeep(maxDepth: number): Problem {
  return new Problem('malformed-body', `Expected at most ${maxDepth} levels of arrays and objects, got more.`);
}

function unmatched(json: Uint8Array, at: number): Problem {
  const bracket = String.fromCharCode(json[at] as number);
  return new Problem('malformed-body', `Expected JSON: unexpected "${bracket}" at byte ${at}.`);
}

function unended(open: number): Problem {
  return new Problem('malformed-body', `Expected JSON: the text ends within ${open} open arrays or objects.`);
}

/** Whether arrays and objects nest deeper than `most`, in text that is short. */
export function isDeeper(json: Uint8Array, most: number): boolean {
  // Each level takes two bytes.
  if (json.length <= 2 * most) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === quote) at = endOfString(json, at);
    else if ((byte | braceBit) === openingBrace) {
      if (++depth > most) return true;
    } else if ((byte | braceBit) === closingBrace) depth--;
  }
  return false;
}
