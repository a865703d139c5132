/** A socket's bytes to a request, and a reply to a socket's bytes: the request listener of both hosts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app';
import { Problem } from '../problem';
import { createEvent, type RequestEvent } from '../telemetry/event';
import { createBodyBudget, uncountedBytes } from './body-budget';
import { inflateBody } from './inflate';
import { createLane } from './lane';
import { bodyLength, type HttpReply, type HttpRequest } from './message';
import { onceOver } from './over';
import { noBody, readBody, takeNothing } from './read-body';

export type RequestListener = (incoming: IncomingMessage, response: ServerResponse) => void;

export interface ListenerOptions {
  readonly maxBodyBytes: number;
  /** Bytes of all bodies in work. */
  readonly maxBufferedBytes: number;
  /** Levels of arrays and objects in a JSON body. */
  readonly maxJsonDepth: number;
  /** How long a request may wait for its turn. */
  readonly requestTimeoutMs: number;
  /** How long nothing of a long answer may be read. */
  readonly clientTimeoutMs: number;
}

/** Bodies from here on go to work one after another. */
const longBytes = 256 * 1024;

export function createListener({ handle, refuse, isDraining }: App, options: ListenerOptions): RequestListener {
  const { maxBodyBytes, maxBufferedBytes, requestTimeoutMs, clientTimeoutMs } = options;
  // One body must find room, whatever the settings.
  const budget = createBodyBudget(Math.max(maxBufferedBytes, maxBodyBytes));
  const lane = createLane();

  return function listen(incoming, response) {
    const event = createEvent();
    let release: () => void = takeNothing;
    let leave: () => void = takeNothing;
    const respond = (reply: HttpReply) => {
      release();
      sendReply(incoming, response, reply);
      watchReply(response, reply);
      leave();
    };

    function receive(outcome: Buffer | Problem): void {
      const request = toRequest(incoming, outcome instanceof Error ? noBody : outcome, event, options);
      if (outcome instanceof Error) refuse(outcome, request, respond);
      else handle(request, respond);
    }

    /** Starts long work when it is its turn, unless its caller has gone or its time is over. */
    function queue(start: () => void): void {
      const expiresAt = performance.now() + requestTimeoutMs;
      const begin = () => (performance.now() > expiresAt ? receive(waitedTooLong(requestTimeoutMs)) : start());
      leave = () => lane.leave(begin);
      onceOver(response, () => lane.cancel(begin));
      lane.enter(begin);
    }

    function receiveInTurn(body: Buffer): void {
      if (body.length < longBytes) receive(body);
      else queue(() => receive(body));
    }

    function inflate(body: Buffer, coding: string): void {
      const shortBytes = Math.min(longBytes, maxBodyBytes);
      inflateBody(body, coding, shortBytes, (outcome) => {
        if (outcome instanceof Problem && outcome.type === 'body-too-large')
          queue(() => inflateBody(body, coding, maxBodyBytes, receive));
        else receive(outcome);
      });
    }

    // What has come before the signal is answered, however long its body takes.
    if (isDraining()) return receive(draining());
    release = readBody(incoming, response, maxBodyBytes, budget, (outcome) => {
      const coding = incoming.headers['content-encoding'];
      if (outcome instanceof Error) receive(outcome);
      else if (coding === undefined || coding === 'identity' || !hasMeaning(outcome, incoming)) receiveInTurn(outcome);
      else inflate(outcome, coding);
    });
  };

  /** A long answer takes memory until its caller has read it, and for a time only: a timeout of every answer would cost each. */
  function watchReply(response: ServerResponse, { body }: HttpReply): void {
    const { socket } = response.req;
    if (typeof body === 'string' || socket.destroyed || response.writableFinished) return;
    const bytes = bodyLength(body);
    if (bytes <= uncountedBytes) return;
    response.setTimeout(clientTimeoutMs, () => socket.destroy());
    budget.add(bytes);
    onceOver(response, () => budget.give(bytes));
  }
}

/** Nobody looks at the body of a GET (RFC 9110, 9.3.1). */
function hasMeaning(body: Buffer, { method }: IncomingMessage): boolean {
  return body.length > 0 && method !== 'GET' && method !== 'HEAD';
}

function draining(): Problem {
  const headers = ['retry-after', '1'];
  return new Problem('draining', 'This instance is shutting down; send the request again.', { headers });
}

function waitedTooLong(requestTimeoutMs: number): Problem {
  const detail = `The request waited longer than ${requestTimeoutMs} ms behind other long ones.`;
  return new Problem('deadline-exceeded', detail, { headers: ['retry-after', '1'] });
}

/** A request whose body has arrived now. */
export function toRequest(
  { method = '', url = '', headers, socket }: IncomingMessage,
  body: Buffer,
  event: RequestEvent,
  { maxJsonDepth }: { readonly maxJsonDepth: number },
): HttpRequest {
  event.readAt = performance.now();
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return { method, path, headers, body, maxJsonDepth, isGone: () => socket.destroyed, event };
}

/** Bytes from here on are compressed when the caller takes them so. */
const leastCompressed = 1024;

export function sendReply({ headers }: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
  const accepted = headers['accept-encoding'];
  if (accepted === undefined || !isLong(reply.body)) return writeReply(response, reply);
  const { compressReply } = require('./compress') as typeof import('./compress');
  compressReply(reply, String(accepted), (compressed) => writeReply(response, compressed));
}

function isLong(body: HttpReply['body']): boolean {
  return Array.isArray(body) || (body as string | Buffer).length >= leastCompressed;
}

/** Writes a reply with its length, in one write where it is one piece. */
function writeReply(response: ServerResponse, { status, headers, body }: HttpReply): void {
  if (response.destroyed) return;
  // 204 stands for no body at all, and RFC 9110 forbids a length with it.
  const length = status === 204 ? [] : ['content-length', String(bodyLength(body))];
  response.writeHead(status, [...headers, ...length]);
  if (!Array.isArray(body)) {
    response.end(body);
    return;
  }
  response.cork();
  for (const piece of body) response.write(piece);
  response.end();
}
