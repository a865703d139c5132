/** A socket's bytes to a request, and a reply to a socket's bytes: the request listener of both hosts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app';
import type { Problem } from '../problem';
import { bodyTooLarge, inflateBody } from './inflate';
import type { HttpReply, HttpRequest } from './message';

export type RequestListener = (incoming: IncomingMessage, response: ServerResponse) => void;

export interface ListenerOptions {
  readonly maxBodyBytes: number;
}

const noBody = Buffer.alloc(0);

export function createListener({ handle, refuse }: App, { maxBodyBytes }: ListenerOptions): RequestListener {
  return function listen(incoming, response) {
    const respond = (reply: HttpReply) => writeReply(response, reply);

    function receive(outcome: Buffer | Problem): void {
      const request = toRequest(incoming, outcome instanceof Error ? noBody : outcome);
      if (outcome instanceof Error) refuse(outcome, request, respond);
      else handle(request, respond);
    }

    readBody(incoming, maxBodyBytes, (outcome) => {
      const coding = incoming.headers['content-encoding'];
      if (coding === undefined || coding === 'identity' || outcome instanceof Error) receive(outcome);
      else inflateBody(outcome, coding, maxBodyBytes, receive);
    });
  };
}

export function toRequest({ method = '', url = '', headers, socket }: IncomingMessage, body: Buffer): HttpRequest {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return { method, path, headers, body, isGone: () => socket.destroyed };
}

/** Collects the body. Calls `done` once; a body over the limit is refused as soon as that is known and read no further. */
export function readBody(
  incoming: IncomingMessage,
  maxBodyBytes: number,
  done: (outcome: Buffer | Problem) => void,
): void {
  const { 'content-length': announced, 'transfer-encoding': chunked } = incoming.headers;
  if (announced === undefined && chunked === undefined) return done(noBody);
  if (Number(announced) > maxBodyBytes) return done(bodyTooLarge(maxBodyBytes));

  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBodyBytes) {
      chunks.push(chunk);
      return;
    }
    incoming.removeAllListeners('data').removeAllListeners('end');
    done(bodyTooLarge(maxBodyBytes));
  });
  incoming.on('end', () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
}

/** Writes a reply with its length, in one write where it is one piece. */
export function writeReply(response: ServerResponse, { status, headers, body }: HttpReply): void {
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

function bodyLength(body: HttpReply['body']): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (Buffer.isBuffer(body)) return body.length;
  return body.reduce((sum, piece) => sum + piece.length, 0);
}
