/** A socket's bytes to a request, and a reply to a socket's bytes: the request listener of both hosts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app';
import { Problem } from '../problem';
import { createEvent, type RequestEvent } from '../telemetry/event';
import { createBodyBudget } from './body-budget';
import { inflateBody } from './inflate';
import { bodyLength, type HttpReply, type HttpRequest } from './message';
import { noBody, readBody, takeNothing } from './read-body';

export type RequestListener = (incoming: IncomingMessage, response: ServerResponse) => void;

export interface ListenerOptions {
  readonly maxBodyBytes: number;
  /** Bytes of all bodies in work. */
  readonly maxBufferedBytes: number;
}

export function createListener(
  { handle, refuse, isDraining }: App,
  { maxBodyBytes, maxBufferedBytes }: ListenerOptions,
): RequestListener {
  const budget = createBodyBudget(maxBufferedBytes);

  return function listen(incoming, response) {
    const event = createEvent();
    let release: () => void = takeNothing;
    const respond = (reply: HttpReply) => {
      release();
      sendReply(incoming, response, reply);
    };

    function receive(outcome: Buffer | Problem): void {
      const request = toRequest(incoming, outcome instanceof Error ? noBody : outcome, event);
      if (outcome instanceof Error) refuse(outcome, request, respond);
      else handle(request, respond);
    }

    // What has come before the signal is answered, however long its body takes.
    if (isDraining()) return receive(draining());
    release = readBody(incoming, response, maxBodyBytes, budget, (outcome) => {
      const coding = incoming.headers['content-encoding'];
      if (coding === undefined || coding === 'identity' || outcome instanceof Error) receive(outcome);
      else inflateBody(outcome, coding, maxBodyBytes, receive);
    });
  };
}

function draining(): Problem {
  const headers = ['retry-after', '1'];
  return new Problem('draining', 'This instance is shutting down; send the request again.', { headers });
}

/** A request whose body has arrived now. */
export function toRequest(
  { method = '', url = '', headers, socket }: IncomingMessage,
  body: Buffer,
  event: RequestEvent,
): HttpRequest {
  event.readAt = performance.now();
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return { method, path, headers, body, isGone: () => socket.destroyed, event };
}

/** Bodies from here on are compressed when the caller takes them so. */
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
