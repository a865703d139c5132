/** Receives a request body: checks the head, reads and inflates the bytes, and queues long bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ArrivingBody } from '../http/message';
import { Problem, toError } from '../problem';
import { isLongOrUnknown } from './arriving-head';
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
) => Promise<Received>;

export type Received = Buffer | ArrivingBody | Problem | undefined;

/** Whether the body of a request may be answered while it arrives. */
export type TakesArriving = (incoming: IncomingMessage) => boolean;

export interface ReceiveOptions extends BodyOptions {
  readonly clientTimeoutMs: number;
}

// Loaded for bodies that are answered while they arrive.
const loadFlow = () => require('./flow') as typeof import('./flow');

/**
 * Invariants of each body:
 *
 * - Nothing is read before its head is checked.
 * - Whatever it takes of the budget or the queue is recorded in its holdings at once, so that the caller can release it.
 * - A long body, as sent or once inflated, is returned only after all earlier long bodies have left the queue,
 *   unless it is answered while it arrives.
 */
export function createBodyReceiver(
  { budget, longBodies: queue }: SharedBodies,
  options: ReceiveOptions,
  takesArriving: TakesArriving,
): ReceiveBody {
  const { maxBodyBytes } = options;
  const limits = { maxBodyBytes, budget };
  const longBodies = createLongBodies(queue, options);

  /** At once for most bodies: a promise would cost each of them. */
  function receive(
    incoming: IncomingMessage,
    response: ServerResponse,
    holdings: Holdings,
  ): Received | Promise<Received> {
    if (incoming.socket.destroyed) return undefined;
    const fault = findHeadFault(incoming);
    if (fault !== undefined) return fault;
    if (mayArrive(incoming) && takesArriving(incoming))
      return loadFlow().openBody(incoming, response, { ...options, budget, holder: holdings });
    const reading = readBody(incoming, holdings, limits);
    return reading instanceof Promise
      ? reading.then((body) => body && unpack(body, incoming, response, holdings))
      : unpack(reading, incoming, response, holdings);
  }

  function mayArrive({ headers, complete, httpVersionMinor }: IncomingMessage): boolean {
    // Most bodies came with their heads. HTTP/1.0 cannot tell an answer that was cut short from one that is complete.
    return !complete && httpVersionMinor > 0 && isLongOrUnknown(headers, maxBodyBytes);
  }

  function unpack(
    body: Buffer,
    incoming: IncomingMessage,
    response: ServerResponse,
    holdings: Holdings,
  ): Buffer | Promise<Buffer> {
    const coding = toCoding(incoming.headers['content-encoding']);
    if (coding !== undefined && hasMeaning(body, incoming))
      return longBodies.inflate(body, coding, senderOf(response), holdings);
    if (body.length < longBytes) return body;
    return longBodies.waitForTurn(senderOf(response), holdings).then(() => body);
  }

  return async (incoming, response, holdings) => {
    try {
      const receiving = receive(incoming, response, holdings);
      return receiving instanceof Promise ? await receiving : receiving;
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
