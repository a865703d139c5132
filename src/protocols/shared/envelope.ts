/** Envelopes: JSON bodies identified by one of their keys. */
import type { Dialect } from '../../http/dialect';
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';

/** The body of a request: a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

export interface Envelope {
  /** The key that identifies the body. */
  readonly key: string;
  /** Name of the protocol in logs and metrics. */
  readonly name: string;
  /** How it spells failures, if not as the path's protocol does. */
  readonly dialect?: Dialect;
  /** Whether the value under the key may be `NumberRows`. */
  readonly takesNumberRows?: boolean;
  /** Answers a body that has the key. */
  answer(model: Model, members: Members, request: HttpRequest): HttpReply | Promise<HttpReply>;
}

/** Answers the body of a request, or the content of a carrier. */
export type ReadBody = (model: Model, body: unknown, request: HttpRequest) => HttpReply | Promise<HttpReply>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
