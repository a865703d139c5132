/** A reply to a socket's bytes: compressed where the caller takes it so, and counted until it has been read. */
import type { ServerResponse } from 'node:http';
import { bodyLength, type HttpReply } from '../http/message';
import { type BodyBudget, uncountedBytes } from './body-budget';
import { onRequestEnd } from './request-end';

// Late: most processes never compress a reply, and zlib costs a start a millisecond.
const loadCompression = () => require('./compress') as typeof import('./compress');

/** Resolves when the whole reply has been handed to the socket, or nobody can get it any more. */
export type ReplyWriter = (response: ServerResponse, reply: HttpReply) => void | Promise<void>;

/** Bytes from here on are compressed when the caller takes them so. */
const leastCompressed = 1024;

export function createReplyWriter(budget: Pick<BodyBudget, 'add'>): ReplyWriter {
  function write(response: ServerResponse, reply: HttpReply): void {
    writeReply(response, reply);
    count(response, reply);
  }

  /** A long answer takes memory until its caller has read it, or is cut off. */
  function count(response: ServerResponse, { body }: HttpReply): void {
    const { socket } = response.req;
    if (!isLong(body, uncountedBytes) || socket.destroyed || response.writableFinished) return;
    onRequestEnd(response, budget.add(bodyLength(body)));
  }

  return (response, reply) => {
    const accepted = response.req.headers['accept-encoding'];
    if (accepted === undefined || !isLong(reply.body, leastCompressed)) return write(response, reply);
    return compress(response, reply, String(accepted));
  };

  async function compress(response: ServerResponse, reply: HttpReply, accepted: string): Promise<void> {
    write(response, await loadCompression().compressReply(reply, accepted));
  }
}

function isLong(body: HttpReply['body'], bytes: number): boolean {
  return Array.isArray(body) || (body as string | Buffer).length >= bytes;
}

/** Writes a reply with its length, in one write where it is one piece. */
function writeReply(response: ServerResponse, { status, headers, body }: HttpReply): void {
  if (response.destroyed) return;
  // 204 stands for no body at all, and RFC 9110 forbids a length with it.
  const fields = status === 204 ? [...headers] : [...headers, 'content-length', String(bodyLength(body))];
  response.writeHead(status, fields);
  if (!Array.isArray(body)) {
    response.end(body);
    return;
  }
  response.cork();
  for (const piece of body) response.write(piece);
  response.end();
}
