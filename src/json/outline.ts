/** One scan of JSON's bytes, before anything is built from them: what they would unfold to, and where they can be cut. */
import type { Work } from '../turns';
import { kindOf, kinds } from './kinds';
import { createLevels } from './levels';
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
  let root: LongValue | undefined;
  let yieldAt = blockBytes;

  for (let at = 0; at < json.length; at++) {
    const kind = kinds[json[at] as number];
    if (kind === kindOf.quote) {
      const end = endOfString(json, at, at + pieceBytes);
      if (end < at + pieceBytes) {
        levels.passString(at, end);
        at = end;
      } else {
        const long = yield* outlineString(json, at);
        root = levels.passLong(long) ?? root;
        at = long.close;
      }
    } else if (kind === kindOf.closing) root = levels.close(at) ?? root;
    else if (kind !== kindOf.other) levels.take(kind, at);
    if (at < yieldAt) continue;
    yieldAt = at + blockBytes;
    yield;
  }
  levels.checkEnd(limits);
  return root;
}

/** Whether arrays and objects nest deeper than `most`, in text that is short. */
export function isDeeper(json: Uint8Array, most: number): boolean {
  // Each level takes two bytes.
  if (json.length <= 2 * most) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const kind = kinds[json[at] as number];
    if (kind === kindOf.quote) at = endOfString(json, at);
    else if (kind === kindOf.opening) {
      if (++depth > most) return true;
    } else if (kind === kindOf.closing) depth--;
  }
  return false;
}
