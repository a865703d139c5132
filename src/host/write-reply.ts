/** Writes a reply to its socket: compressed if the caller accepts that, and counted in the memory budget until it is read. */
import type { ServerResponse } from 'node:http';
import { bodyLength, type HttpReply } from '../http/message';
import { type BodyBudget, uncountedBytes } from './body-budget';
import { onRequestEnd } from './request-end';

// Loaded lazily: most processes never compress a reply, and zlib adds a millisecond to the start.
const loadCompression = () => require('./compress') as typeof import('./compress');

/** Resolves when the whole reply has been handed to the socket, or its connection has closed. */
export type ReplyWriter = (response: ServerResponse, reply: HttpReply) => void | Promise<void>;

/** Shorter bodies are not compressed. */
const minCompressedBytes = 1024;

export function createReplyWriter(budget: Pick<BodyBudget, 'add'>): ReplyWriter {
  function write(response: ServerResponse, reply: HttpReply): void {
    writeReply(response, reply);
    count(response, reply);
  }

  /** A long answer takes memory until its caller has read it or is disconnected. */
  function count(response: ServerResponse, { body }: HttpReply): void {
    const { socket } = response.req;
    if (!isLong(body, uncountedBytes) || socket.destroyed || response.writableFinished) return;
    onRequestEnd(response, budget.add(bodyLength(body)));
  }

  return (response, reply) => {
    const accepted = response.req.headers['accept-encoding'];
    if (accepted === undefined || !isLong(reply.body, minCompressedBytes)) return write(response, reply);
    return compress(response, reply, String(accepted));
  };

  async function compress(response: ServerResponse, reply: HttpReply, accepted: string): Promise<void> {
    write(response, await loadCompression().compressReply(reply, accepted));
  }
}

function isLong(body: HttpReply['body'], bytes: number): boolean {
  return Array.isArray(body) || (body as string | Buffer).length >= bytes;
}

/** Writes a reply with its content-length, in a single write if it is one piece. */
function writeReply(response: ServerResponse, { status, headers, body }: HttpReply): void {
  if (response.destroyed) return;
  // RFC 9110 forbids content-length with 204, and with 304 it would be that of the body left out.
  const fields =
    status === 204 || status === 304 ? [...headers] : [...headers, 'content-length', String(bodyLength(body))];
  response.writeHead(status, fields);
  if (!Array.isArray(body)) {
    response.end(body);
    return;
  }
  response.cork();
  for (const piece of body) response.write(piece);
  response.end();
}
