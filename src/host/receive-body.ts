/** Receives a request body: checks the head, reads and inflates the bytes, and queues long bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem, toError } from '../problem';
import type { BodyBudget, Holder } from './body-budget';
import { findHeadFault } from './head';
import { inflateBody, toCoding } from './inflate';
import { watchPresence } from './presence';
import { readBody } from './read-body';
import { onRequestEnd } from './request-end';
import type { Place, SerialQueue } from './serial-queue';

/** What a request holds and must release on every path: memory for its body, and its place among long bodies. */
export interface Holdings extends Holder {
  place: Place | undefined;
}

/** The body, or the problem that prevented it; undefined if the caller disconnected. Never rejects. */
export type ReceiveBody = (
  incoming: IncomingMessage,
  response: ServerResponse,
  holdings: Holdings,
) => Promise<Buffer | Problem | undefined>;

export interface BodyOptions {
  readonly maxBodyBytes: number;
  /** How long a long body may wait for its turn. */
  readonly requestTimeoutMs: number;
}

/** Bodies of at least this size are handled one at a time. */
const longBytes = 256 * 1024;

/**
 * Invariants of each body:
 *
 * - Nothing is read before its head is checked.
 * - Whatever it takes of the budget or the queue is recorded in its holdings at once, so that the caller can release it.
 * - A long body, as sent or once inflated, is returned only after all earlier long bodies have left the queue.
 */
export function createBodyReceiver(budget: BodyBudget, longBodies: SerialQueue, options: BodyOptions): ReceiveBody {
  const { maxBodyBytes, requestTimeoutMs } = options;
  const limits = { maxBodyBytes, budget };

  async function inflate(body: Buffer, coding: string, response: ServerResponse, holdings: Holdings): Promise<Buffer> {
    const gone = new AbortController();
    onRequestEnd(response, () => gone.abort());
    const shortBytes = Math.min(longBytes, maxBodyBytes);
    try {
      return await inflateBody(body, coding, shortBytes, gone.signal);
    } catch (failure) {
      if (!(failure instanceof Problem && failure.type === 'body-too-large')) throw failure;
    }
    await waitForTurn(response, holdings);
    return inflateBody(body, coding, maxBodyBytes, gone.signal);
  }

  /** Throws if the caller disconnects, or if the turn comes too late. */
  async function waitForTurn(response: ServerResponse, holdings: Holdings): Promise<void> {
    const expiresAt = performance.now() + requestTimeoutMs;
    const place = longBodies.enter();
    holdings.place = place;
    watchPresence(response);
    await Promise.race([place.turn, new Promise<void>((resolve) => onRequestEnd(response, resolve))]);
    if (response.req.socket.destroyed) throw new Problem('caller-gone', 'The caller closed the connection.');
    if (performance.now() > expiresAt) throw waitedTooLong(requestTimeoutMs);
  }

  return async (incoming, response, holdings) => {
    try {
      if (incoming.socket.destroyed) return undefined;
      const fault = findHeadFault(incoming);
      if (fault !== undefined) return fault;
      const reading = readBody(incoming, holdings, limits);
      const body = reading instanceof Promise ? await reading : reading;
      if (body === undefined) return undefined;
      const coding = toCoding(incoming.headers['content-encoding']);
      if (coding !== undefined && hasMeaning(body, incoming)) return await inflate(body, coding, response, holdings);
      if (body.length >= longBytes) await waitForTurn(response, holdings);
      return body;
    } catch (failure) {
      return toRefusal(failure);
    }
  };
}

/** The body of a GET has no meaning (RFC 9110, 9.3.1). */
function hasMeaning(body: Buffer, { method }: IncomingMessage): boolean {
  return body.length > 0 && method !== 'GET' && method !== 'HEAD';
}

/** The problem to answer; undefined if the caller is gone. */
function toRefusal(failure: unknown): Problem | undefined {
  if (!(failure instanceof Problem))
    return new Problem('internal', 'The body could not be read.', { cause: toError(failure) });
  return failure.type === 'caller-gone' ? undefined : failure;
}

function waitedTooLong(requestTimeoutMs: number): Problem {
  const detail = `The request waited longer than ${requestTimeoutMs} ms behind other long requests. Retry in 1 s.`;
  return new Problem('deadline-exceeded', detail, { retryAfterSeconds: 1 });
}
