/** Scans JSON bytes before parsing: how much memory the values would take, and where long ones can be cut. */
import type { Work } from '../turns';
import { kindOf, kinds } from './kinds';
import { createLevels, type Levels } from './levels';
import type { JsonLimits } from './limits';
import { endOfString, outlineString } from './long-string';
import { blockBytes, type LongValue, pieceBytes } from './long-value';

/**
 * Tracks brackets, commas and strings; the parser checks the rest of the syntax.
 *
 * Returns the outermost value if it is long. Throws the problem `too-many-values` beyond the limits and
 * `malformed-body` if brackets do not match.
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
  /** The outermost value, set once it has ended if it is long. */
  root: LongValue | undefined;
}

/** Scans up to byte `to`. Returns true if it stopped earlier, at a string longer than a piece. */
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
