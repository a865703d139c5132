/** One scan of JSON's bytes, before anything is built from them: what they would unfold to, and where they can be cut. */
import type { Work } from '../turns';
import { kindOf, kinds } from './kinds';
import { createLevels, type Levels } from './levels';
import type { JsonLimits } from './limits';
import { endOfString, outlineString } from './long-string';
import { blockBytes, type LongValue, pieceBytes } from './long-value';

/**
 * Follows brackets, commas and strings; the parser says whether all else is JSON.
 *
 * Gives the outermost value where it is long. Throws the problem `too-many-values` beyond the limits and
 * `malformed-body` where brackets do not match.
 */
export function* outlineJson(json: Uint8Array, limits: JsonLimits): Work<LongValue | undefined> {
  const levels = createLevels(json, limits.maxDepth);
  const scan: Scan = { json, levels, at: 0, root: undefined };
  while (scan.at < json.length) {
    if (scanBlock(scan, Math.min(scan.at + blockBytes, json.length))) {
      const long = yield* outlineString(json, scan.at);
      scan.root = levels.passLong(long) ?? scan.root;
      scan.at = long.close + 1;
    }
    if (scan.at < json.length) yield;
  }
  levels.checkEnd(limits);
  return scan.root;
}

interface Scan {
  readonly json: Uint8Array;
  readonly levels: Levels;
  /** The next byte. */
  at: number;
  /** The outermost value, once it has ended and where it is long. */
  root: LongValue | undefined;
}

/** Goes on to a byte. Says whether it stopped before, at a string of more than a piece. */
function scanBlock(scan: Scan, to: number): boolean {
  const { json, levels } = scan;
  let { at } = scan;
  let isStringLong = false;
  for (; at < to; at++) {
    const kind = kinds[json[at] as number];
    if (kind === kindOf.other) continue;
    if (kind === kindOf.quote) {
      const end = endOfString(json, at, at + pieceBytes);
      isStringLong = end >= at + pieceBytes;
      if (isStringLong) break;
      levels.passString(at, end);
      at = end;
    } else if (kind === kindOf.closing) scan.root = levels.close(at) ?? scan.root;
    else levels.take(kind, at);
  }
  scan.at = at;
  return isStringLong;
}
