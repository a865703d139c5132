/** Receives a request body: checks the head, reads and inflates the bytes, and queues long bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem, toError } from '../problem';
import { findHeadFault } from './head';
import { toCoding } from './inflate';
import { type BodyOptions, createLongBodies, type Holdings, longBytes, type Sender } from './long-body';
import { watchPresence } from './presence';
import { readBody } from './read-body';
import { onRequestEnd } from './request-end';
import type { SharedBodies } from './shared-bodies';

/** The body, or the problem that prevented it; undefined if the caller disconnected. Never rejects. */
export type ReceiveBody = (
  incoming: IncomingMessage,
  response: ServerResponse,
  holdings: Holdings,
) => Promise<Buffer | Problem | undefined>;

/**
 * Invariants of each body:
 *
 * - Nothing is read before its head is checked.
 * - Whatever it takes of the budget or the queue is recorded in its holdings at once, so that the caller can release it.
 * - A long body, as sent or once inflated, is returned only after all earlier long bodies have left the queue.
 */
export function createBodyReceiver({ budget, longBodies: queue }: SharedBodies, options: BodyOptions): ReceiveBody {
  const limits = { maxBodyBytes: options.maxBodyBytes, budget };
  const longBodies = createLongBodies(queue, options);

  return async (incoming, response, holdings) => {
    try {
      if (incoming.socket.destroyed) return undefined;
      const fault = findHeadFault(incoming);
      if (fault !== undefined) return fault;
      const reading = readBody(incoming, holdings, limits);
      const body = reading instanceof Promise ? await reading : reading;
      if (body === undefined) return undefined;
      const coding = toCoding(incoming.headers['content-encoding']);
      if (coding !== undefined && hasMeaning(body, incoming))
        return await longBodies.inflate(body, coding, senderOf(response), holdings);
      if (body.length >= longBytes) await longBodies.waitForTurn(senderOf(response), holdings);
      return body;
    } catch (failure) {
      return toRefusal(failure);
    }
  };
}

function senderOf(response: ServerResponse): Sender {
  const { socket } = response.req;
  return {
    isGone: () => socket.destroyed,
    onEnd: (callback) => onRequestEnd(response, callback),
    waits: () => watchPresence(response),
  };
}

/** The body of a GET has no meaning (RFC 9110, 9.3.1). */
function hasMeaning(body: Buffer, { method }: Pick<IncomingMessage, 'method'>): boolean {
  return body.length > 0 && method !== 'GET' && method !== 'HEAD';
}

/** The problem to answer; undefined if the caller is gone. */
export function toRefusal(failure: unknown): Problem | undefined {
  if (!(failure instanceof Problem))
    return new Problem('internal', 'The body could not be read.', { cause: toError(failure) });
  return failure.type === 'caller-gone' ? undefined : failure;
}
