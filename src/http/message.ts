/** What the app sees of a request and what a host writes of a reply: plain objects, no sockets. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from './dialect';
import type { RequestEvent } from './request-event';

export interface HttpRequest {
  readonly method: string;
  /** The path as it was sent, without the query. */
  readonly path: string;
  /** Header fields with lower-case names. */
  readonly headers: IncomingHttpHeaders;
  /** The whole body, decompressed; empty when there is none. */
  readonly body: Buffer;
  /** Whether the caller has closed the connection, so that nobody reads the answer. */
  isGone(): boolean;
  /** What is noted of the request on its way. */
  readonly event: RequestEvent;
  /** How failures are spelled, once the body has said which protocol it speaks; the path says it otherwise. */
  dialect?: Dialect;
}

export interface HttpReply {
  readonly status: number;
  /** Header fields, names and values in turn, without content-length. */
  readonly headers: readonly string[];
  /** The body, or its parts in order when it was made piece by piece. */
  readonly body: string | Buffer | readonly Buffer[];
}

/** Gives the reply of a request, now or later. What it throws is answered by the app. */
export type Handler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

export const jsonType = 'application/json';
export const jsonHeaders: readonly string[] = ['content-type', jsonType, 'x-content-type-options', 'nosniff'];

const [, , ...commonHeaders] = jsonHeaders;
const problemHeaders: readonly string[] = ['content-type', 'application/problem+json', ...commonHeaders];

/** A 200 reply of a value as JSON. */
export function jsonReply(value: unknown, status = 200): HttpReply {
  return { status, headers: jsonHeaders, body: JSON.stringify(value) };
}

/** The reply of a problem document, with the extra header fields of the problem. */
export function problemReply(
  document: { readonly status: number },
  headers: readonly string[],
  isPlainJson = false,
): HttpReply {
  const own = isPlainJson ? jsonHeaders : problemHeaders;
  return { status: document.status, headers: [...own, ...headers], body: JSON.stringify(document) };
}

/** Bytes of a body. */
export function bodyLength(body: HttpReply['body']): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (Buffer.isBuffer(body)) return body.length;
  return body.reduce((sum, piece) => sum + piece.length, 0);
}
