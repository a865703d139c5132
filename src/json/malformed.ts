/** The problem of a text that is no JSON. */
import { Problem } from '../problem';

export function malformed(detail: string, cause?: unknown): Problem {
  return new Problem('malformed-body', `Expected JSON: ${detail}.`, { cause });
}
