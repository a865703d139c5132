/** Requests and replies as the app sees them: plain objects without sockets. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from './dialect';
import type { RequestEvent } from './request-event';

export interface RequestHead {
  readonly method: string;
  /** The path as sent, without the query. */
  readonly path: string;
  /** Header fields with lower-case names. */
  readonly headers: IncomingHttpHeaders;
}

export interface HttpRequest extends RequestHead {
  /** The whole body, decompressed; empty if there is none. */
  readonly body: Buffer;
  /** What arrives while it is answered, in the place of `body`: only for handlers that take it. */
  readonly arriving?: ArrivingBody | undefined;
  /** Whether the caller has closed the connection. */
  isGone(): boolean;
  /** The record of the request for logs and metrics. */
  readonly event: RequestEvent;
  /** When the caller stops waiting, on the clock of `performance.now()`, if it said so. */
  readonly expiresAt?: number | undefined;
  /** How failures are spelled, set once the body shows its protocol; until then the path decides. */
  dialect?: Dialect;
}

/** A body in pieces, decompressed. They are read no faster than they are taken. */
export interface ArrivingBody extends AsyncIterable<Buffer> {
  /** The largest part of it that may be in memory. */
  readonly maxPartBytes: number;
  /** Counts what is kept until more has arrived. Throws `overloaded` when other bodies have used up the memory. */
  keep(bytes: number): void;
  /** Something was made of what has arrived: the caller has its whole time for the next part. */
  progressed(): void;
  /** Whether all of it has arrived. */
  isComplete(): boolean;
  readBytes(): number;
}

export interface HttpReply {
  readonly status: number;
  /** Header fields, names and values alternating, without content-length. */
  readonly headers: readonly string[];
  /** The body, or its parts in order. */
  readonly body: string | Buffer | readonly Buffer[];
  /** What follows the body, made no faster than it is read. It throws where the answer ends before it is complete. */
  readonly rest?: AsyncIterable<Buffer> | undefined;
  /** Fields after the body, names and values alternating, which carry the outcome: over HTTP/2 only, with the status 200. */
  readonly trailers?: readonly string[] | undefined;
}

/** Returns the reply to a request. The app answers what it throws. */
export interface Handler {
  (request: HttpRequest): HttpReply | Promise<HttpReply>;
  /** Whether it takes the body of such a request while it arrives. */
  readonly takesArriving?: (headers: IncomingHttpHeaders) => boolean;
}

/** What a handler says of itself, for one that wraps it. */
export function marksOf({ takesArriving }: Handler): Pick<Handler, 'takesArriving'> {
  return takesArriving === undefined ? {} : { takesArriving };
}

export const jsonType = 'application/json';
export const jsonHeaders: readonly string[] = ['content-type', jsonType, 'x-content-type-options', 'nosniff'];

const [, , ...commonHeaders] = jsonHeaders;
const problemHeaders: readonly string[] = ['content-type', 'application/problem+json', ...commonHeaders];

/** A reply with a value as JSON. */
export function jsonReply(value: unknown, status = 200): HttpReply {
  return { status, headers: jsonHeaders, body: JSON.stringify(value) };
}

/** The reply with a problem document and the problem's own header fields. */
export function problemReply(
  document: { readonly status: number },
  headers: readonly string[],
  isPlainJson = false,
): HttpReply {
  const own = isPlainJson ? jsonHeaders : problemHeaders;
  return { status: document.status, headers: [...own, ...headers], body: JSON.stringify(document) };
}

/** A body in one piece. */
export function bodyBytes(body: HttpReply['body']): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.concat(body as readonly Buffer[]);
}

/** The length of a body in bytes. */
export function bodyLength(body: HttpReply['body']): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (Buffer.isBuffer(body)) return body.length;
  return body.reduce((sum, piece) => sum + piece.length, 0);
}
