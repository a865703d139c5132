/** Envelopes: bodies that are JSON objects, known by a member. */
import type { Dialect } from '../../http/dialect';
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';

/** The body of a request: a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

export interface Envelope {
  /** The member of the body by which it is known. */
  readonly key: string;
  /** Name of the protocol in logs and metrics. */
  readonly name: string;
  /** How it spells failures, where that is not as the path says. */
  readonly dialect?: Dialect;
  /** Answers a body that has the member. */
  answer(model: Model, members: Members, request: HttpRequest): HttpReply | Promise<HttpReply>;
}

/** Answers the body of a request, or what a carrier holds in its place. */
export type ReadBody = (model: Model, body: unknown, request: HttpRequest) => HttpReply | Promise<HttpReply>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
