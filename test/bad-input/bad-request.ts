/** A request that is refused, and what its caller is told. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Difference } from '../hosts';
import { goodInstance } from '../model-files';

export interface BadRequest {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly status: number;
  /** Last part of the problem type. */
  readonly type: string;
  /** Parts of the detail: what was expected and what came. */
  readonly says: readonly string[];
  readonly pointers?: readonly string[];
  /** Header fields of the answer. */
  readonly answers?: Readonly<Record<string, string>>;
  readonly differs?: Difference;
}

export const json = { 'content-type': 'application/json' };
export const good = JSON.stringify({ instances: [goodInstance] });
/** Arrays as deep as the parser may go, nearly. */
export const deep = nest(60);

/** Arrays within arrays, each the only element of the one around it. */
export function nest(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

export const sent = (body: string) => ({ headers: json, body });
