/** A call in which both sides send messages in turn: each message is answered as a call of its own. */
import type { ServerHttp2Stream } from 'node:http2';
import { prefixBytes, prefixOf } from '../../grpc/frame';
import { contentType } from '../../grpc/reply';
import { statusCodes } from '../../grpc/status';
import { bodyLength, type HttpReply } from '../../http/message';
import { Problem } from '../../problem';
import { toFields } from './fields';

/** Of questions, which are short. */
const maxMessageBytes = 16 * 1024;
const maxMessages = 1000;
const ended: readonly string[] = ['grpc-status', String(statusCodes.ok)];

/** The reply to a message, or to the problem of one. */
export type AnswerMessage = (message: Buffer | Problem) => Promise<HttpReply>;

/** Reads and answers one message after the other, until the client ends its side. Never rejects. */
export async function converse(stream: ServerHttp2Stream, answer: AnswerMessage): Promise<void> {
  let outcome = ended;
  stream.respond({ ':status': 200, 'content-type': contentType }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(toFields(outcome)));
  try {
    for await (const message of messagesOf(stream)) {
      const { status, body, trailers = ended } = await answer(message);
      outcome = trailers;
      if (status >= 400) break;
      const parts = (Array.isArray(body) ? body : [body]) as readonly Buffer[];
      stream.write(Buffer.concat([prefixOf(bodyLength(parts), false), ...parts]));
    }
  } catch {
    // The stream was reset.
  }
  if (!stream.destroyed) stream.end();
}

async function* messagesOf(stream: ServerHttp2Stream): AsyncGenerator<Buffer | Problem> {
  let rest: Buffer = Buffer.alloc(0);
  let count = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= prefixBytes) {
      const length = rest.readUInt32BE(1);
      const fault = findFault(rest, length, ++count);
      if (fault !== undefined) return yield fault;
      if (rest.length < prefixBytes + length) break;
      yield rest.subarray(prefixBytes, prefixBytes + length);
      rest = rest.subarray(prefixBytes + length);
    }
  }
  if (rest.length > 0) yield new Problem('malformed-body', 'Expected whole messages, got a part of one at the end.');
}

function findFault(bytes: Buffer, length: number, count: number): Problem | undefined {
  if (length > maxMessageBytes)
    return new Problem('body-too-large', `Expected a message of at most ${maxMessageBytes} bytes, got ${length}.`);
  if (count > maxMessages) return new Problem('too-many-rows', `Expected at most ${maxMessages} messages, got more.`);
  if (bytes[0] === 1) return new Problem('unsupported-media-type', 'Expected messages that are not compressed.');
  return bytes[0] === 0 ? undefined : new Problem('malformed-body', `Expected 0 before a message, got ${bytes[0]}.`);
}
