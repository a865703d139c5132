/** The body of a request, plain and whole: its head is looked at, its bytes are read and inflated, and a long one waits for its turn. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem, toError } from '../problem';
import type { BodyBudget, Holder } from './body-budget';
import { findHeadFault } from './head';
import { inflateBody, toCoding } from './inflate';
import { watchPresence } from './presence';
import { readBody } from './read-body';
import { onRequestEnd } from './request-end';
import type { Place, SerialQueue } from './serial-queue';

/** What a request has taken and has to give back, on every path: memory for its body, and its place if that is long. */
export interface Holdings extends Holder {
  place: Place | undefined;
}

/** The body, or why there is none; undefined when its caller has gone. Never rejects. */
export type ReceiveBody = (
  incoming: IncomingMessage,
  response: ServerResponse,
  holdings: Holdings,
) => Promise<Buffer | Problem | undefined>;

export interface BodyOptions {
  readonly maxBodyBytes: number;
  /** How long a request may wait for its turn. */
  readonly requestTimeoutMs: number;
}

/** Bodies from here on go to work one after another. */
const longBytes = 256 * 1024;

/**
 * What holds of each body:
 *
 * - Nothing of it is read before its head is known to be right.
 * - What it takes, of the budget or of the queue, is noted in its holdings at once, so that whoever has these can give it back.
 * - A long one, as it came or as it unfolds, is not given before all long ones that came earlier have left the queue.
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

  /** Throws when the caller has gone or the time is over by the turn. */
  async function waitForTurn(response: ServerResponse, holdings: Holdings): Promise<void> {
    const expiresAt = performance.now() + requestTimeoutMs;
    const place = longBodies.enter();
    holdings.place = place;
    watchPresence(response);
    await Promise.race([place.turn, new Promise<void>((resolve) => onRequestEnd(response, resolve))]);
    if (response.req.socket.destroyed) throw new Problem('caller-gone', 'The caller has closed the connection.');
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

/** Nobody looks at the body of a GET (RFC 9110, 9.3.1). */
function hasMeaning(body: Buffer, { method }: IncomingMessage): boolean {
  return body.length > 0 && method !== 'GET' && method !== 'HEAD';
}

/** Where the caller has gone, nobody is left to be refused. */
function toRefusal(failure: unknown): Problem | undefined {
  if (!(failure instanceof Problem))
    return new Problem('internal', 'The body could not be read.', { cause: toError(failure) });
  return failure.type === 'caller-gone' ? undefined : failure;
}

function waitedTooLong(requestTimeoutMs: number): Problem {
  const detail = `The request waited longer than ${requestTimeoutMs} ms behind other long ones.`;
  return new Problem('deadline-exceeded', detail, { retryAfterSeconds: 1 });
}
