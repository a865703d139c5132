/** The problem of text that is not JSON. */
import { Problem } from '../problem';

export function malformed(detail: string, cause?: unknown): Problem {
  return new Problem('malformed-body', `Expected JSON: ${detail}.`, { cause });
}
