/** A socket's bytes to a request, and a reply to a socket's bytes: the request listener of both hosts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app/app';
import { connectionClose, HttpProblem } from '../http/http-problem';
import type { HttpReply, HttpRequest } from '../http/message';
import { createEvent, type RequestEvent } from '../http/request-event';
import { Problem, toError } from '../problem';
import { logEvent } from '../telemetry/log/log';
import { isLastArrival, isUnread, noteArrival } from './arrivals';
import { createBodyBudget, type Holder } from './body-budget';
import { findHeadFault } from './head';
import { inflateBody, toCoding } from './inflate';
import { enterPipeline, leavePipeline } from './pipeline';
import { watchPresence } from './presence';
import { noBody, readBody } from './read-body';
import { onRequestEnd } from './request-end';
import { createSerialQueue, type Place } from './serial-queue';
import { toPath } from './target';
import { createReplyWriter, type ReplyWriter } from './write-reply';

export type RequestListener = (incoming: IncomingMessage, response: ServerResponse) => void;

/** A way that requests take once their bodies are read. Resolves with whether one goes on; it does not when it has been answered on the way. */
export type Detour = (incoming: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface ListenerOptions {
  readonly maxBodyBytes: number;
  /** Bytes of all bodies in work. */
  readonly maxBufferedBytes: number;
  /** How long a request may wait for its turn. */
  readonly requestTimeoutMs: number;
}

/** Bodies from here on go to work one after another. */
const longBytes = 256 * 1024;

/** What a request has taken and has to give back, on every path: memory for its body, and its place if that is long. */
interface Holdings extends Holder {
  place: Place | undefined;
}

export function createListener(app: App, options: ListenerOptions, detour?: Detour): RequestListener {
  const { maxBodyBytes, maxBufferedBytes, requestTimeoutMs } = options;
  // One body must find room, whatever the settings.
  const budget = createBodyBudget(Math.max(maxBufferedBytes, maxBodyBytes));
  const longBodies = createSerialQueue();
  const writeReply = createReplyWriter(budget);
  const receive = detour === undefined ? receiveBody : receiveBy(detour);
  app.addHost(() => ({ bufferedBytes: budget.takenBytes(), longBodies: longBodies.length() }));

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = createEvent();
    const holdings: Holdings = { heldBytes: 0, place: undefined };
    // What has come before the signal is answered, however long it waits and its body takes.
    const { socket } = incoming;
    const number = noteArrival(socket);
    const isLate = app.isDraining() && !isUnread(socket);
    const waiting = enterPipeline(socket);
    try {
      // A body that has come with the head is there once Node has read what the kernel gave it.
      await waiting;
      const body = isLate ? draining() : await receive(incoming, response, holdings);
      if (isGone(body)) return;
      const request = toRequest(incoming, body instanceof Problem ? noBody : body, event);
      const reply = body instanceof Problem ? app.refuse(body, request) : await app.handle(request);
      // Before the answer is out: the caller's next body finds the room.
      budget.release(holdings);
      const isLast = app.isDraining() && isLastArrival(socket, number);
      await answer(app, writeReply, request, response, isLast ? closing(reply) : reply);
    } finally {
      budget.release(holdings);
      holdings.place?.leave();
      leavePipeline(socket);
    }
  }

  function receiveBy(way: Detour): typeof receiveBody {
    return async (incoming, response, holdings) => {
      const body = await receiveBody(incoming, response, holdings);
      if (body === undefined || body instanceof Problem) return body;
      return (await way(incoming, response)) ? body : undefined;
    };
  }

  /** The plain body, or why there is none; undefined when its caller has gone. */
  async function receiveBody(
    incoming: IncomingMessage,
    response: ServerResponse,
    holdings: Holdings,
  ): Promise<Buffer | Problem | undefined> {
    try {
      if (incoming.socket.destroyed) return undefined;
      const fault = findHeadFault(incoming);
      if (fault !== undefined) return fault;
      const reading = readBody(incoming, holdings, { maxBodyBytes, budget });
      const body = reading instanceof Promise ? await reading : reading;
      const coding = toCoding(incoming.headers['content-encoding']);
      if (body === undefined || coding === undefined || !hasMeaning(body, incoming)) {
        if (body !== undefined && body.length >= longBytes) await queue(response, holdings);
        return body;
      }
      return await inflate(body, coding, response, holdings);
    } catch (failure) {
      return toProblem(failure);
    }
  }

  async function inflate(body: Buffer, coding: string, response: ServerResponse, holdings: Holdings): Promise<Buffer> {
    const gone = new AbortController();
    onRequestEnd(response, () => gone.abort());
    const shortBytes = Math.min(longBytes, maxBodyBytes);
    try {
      return await inflateBody(body, coding, shortBytes, gone.signal);
    } catch (failure) {
      if (!(failure instanceof Problem && failure.type === 'body-too-large')) throw failure;
    }
    await queue(response, holdings);
    return inflateBody(body, coding, maxBodyBytes, gone.signal);
  }

  /** Waits for the turn of a long body. Throws when its caller has gone or its time is over by then. */
  async function queue(response: ServerResponse, holdings: Holdings): Promise<void> {
    const expiresAt = performance.now() + requestTimeoutMs;
    const place = longBodies.enter();
    holdings.place = place;
    watchPresence(response);
    await Promise.race([place.turn, new Promise<void>((resolve) => onRequestEnd(response, resolve))]);
    if (response.req.socket.destroyed) throw callerGone();
    if (performance.now() > expiresAt) throw waitedTooLong(requestTimeoutMs);
  }

  return (incoming, response) => void serve(incoming, response).catch((failure) => abandon(response, failure));
}

/** Writes a reply and tells the app of its end, whatever becomes of it. */
async function answer(
  app: Pick<App, 'ended'>,
  writeReply: ReplyWriter,
  request: HttpRequest,
  response: ServerResponse,
  reply: HttpReply,
): Promise<void> {
  try {
    const writing = writeReply(response, reply);
    if (writing !== undefined) await writing;
  } finally {
    app.ended(request, reply);
  }
}

/** Says that an answer failed where that can still be said; what is half written cannot be mended. */
function abandon(response: ServerResponse, failure: unknown): void {
  logEvent('ERROR', 'An answer could not be written.', failure);
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { connection: 'close' }).end();
}

function isGone(body: Buffer | Problem | undefined): body is undefined {
  return body === undefined || (body instanceof Problem && body.type === 'caller-gone');
}

function toProblem(failure: unknown): Problem {
  return failure instanceof Problem
    ? failure
    : new Problem('internal', 'The body could not be read.', { cause: toError(failure) });
}

/** Nobody looks at the body of a GET (RFC 9110, 9.3.1). */
function hasMeaning(body: Buffer, { method }: IncomingMessage): boolean {
  return body.length > 0 && method !== 'GET' && method !== 'HEAD';
}

function closing(reply: HttpReply): HttpReply {
  if (reply.headers.includes('connection')) return reply;
  return { ...reply, headers: [...reply.headers, ...connectionClose] };
}

function callerGone(): Problem {
  return new Problem('caller-gone', 'The caller has closed the connection.');
}

function draining(): Problem {
  const detail = 'This instance is shutting down; send the request again.';
  return new HttpProblem('draining', detail, { retryAfterSeconds: 1, headers: connectionClose });
}

function waitedTooLong(requestTimeoutMs: number): Problem {
  const detail = `The request waited longer than ${requestTimeoutMs} ms behind other long ones.`;
  return new Problem('deadline-exceeded', detail, { retryAfterSeconds: 1 });
}

/** A request whose body has arrived now. */
function toRequest(
  { method = '', url = '', headers, socket }: IncomingMessage,
  body: Buffer,
  event: RequestEvent,
): HttpRequest {
  event.readAt = performance.now();
  return { method, path: toPath(url), headers, body, isGone: () => socket.destroyed, event };
}
