/** Limits how deep arrays and objects nest. */
import { Problem } from '../problem';
import { kindOf, kinds } from './kinds';
import { endOfString } from './long-string';

/** Whether arrays and objects in a short text nest deeper than `maxDepth`. */
export function isDeeper(json: Uint8Array, maxDepth: number): boolean {
  // Each level takes two bytes.
  if (json.length <= 2 * maxDepth) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const kind = kinds[json[at] as number];
    if (kind === kindOf.quote) at = endOfString(json, at);
    else if (kind === kindOf.opening) {
      if (++depth > maxDepth) return true;
    } else if (kind === kindOf.closing) depth--;
  }
  return false;
}

export function tooDeep(maxDepth: number): Problem {
  return new Problem('malformed-body', `Expected at most ${maxDepth} levels of arrays and objects, got more.`);
}
