/** Writes a reply to its stream: compressed if the caller wants that, and counted in the memory budget until it is read. */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { prefixOf } from '../../grpc/frame';
import { messageCodings } from '../../grpc/reply';
import { bodyLength, type HttpReply } from '../../http/message';
import { type BodyBudget, uncountedBytes } from '../body-budget';
import type { StreamEnds } from './connection';
import { toFields } from './fields';
import { writeFlow } from './flow';

const loadCompression = () => require('../compress') as typeof import('../compress');

export type StreamWriter = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  reply: HttpReply,
  ends: Pick<StreamEnds, 'answersLong'>,
) => void | Promise<void>;

/** Shorter bodies are not compressed. */
const minCompressedBytes = 1024;
/** Longer bodies may not fit what a client lets the server send at once. */
const longAnswerBytes = 16 * 1024;

const joinedBytes = 64 * 1024;
/** How long a client may go on sending what it has been refused. */
const lingerMs = 100;

export function createStreamWriter(budget: BodyBudget): StreamWriter {
  function send(stream: ServerHttp2Stream, reply: HttpReply, isHead: boolean, answersLong: () => void): void {
    if (stream.destroyed || stream.closed) return;
    const length = bodyLength(reply.body);
    if (length > longAnswerBytes) answersLong();
    if (length >= uncountedBytes) stream.on('close', budget.add(length));
    if (reply.trailers === undefined) writePlain(stream, reply, isHead);
    else writeCall(stream, reply, reply.trailers);
    // An answer to a part of a request: the rest of it is not wanted.
    if (!stream.readableEnded && !stream.endAfterHeaders) endSoon(stream);
  }

  return (stream, headers, reply, { answersLong }) => {
    if (reply.rest !== undefined) {
      answersLong();
      return writeFlow(stream, reply, budget);
    }
    const isHead = headers[':method'] === 'HEAD';
    const packed = pack(reply, headers);
    if (!(packed instanceof Promise)) return send(stream, packed, isHead, answersLong);
    return packed.then((each) => send(stream, each, isHead, answersLong));
  };
}

/** A reset overtakes an answer that is still to be sent: of Node.js 26, even one that has been ended. */
function endSoon(stream: ServerHttp2Stream): void {
  stream.resume();
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), lingerMs);
  stream.on('close', () => clearTimeout(timer));
}

function pack(reply: HttpReply, headers: IncomingHttpHeaders): HttpReply | Promise<HttpReply> {
  if (bodyLength(reply.body) < minCompressedBytes) return reply;
  if (reply.trailers !== undefined) return headers['grpc-encoding'] === undefined ? reply : packMessage(reply, headers);
  const accepted = headers['accept-encoding'];
  return accepted === undefined ? reply : loadCompression().compressReply(reply, String(accepted));
}

/** Clients say that they read every coding that they know: only one that compresses itself gains by it. */
async function packMessage(reply: HttpReply, headers: IncomingHttpHeaders): Promise<HttpReply> {
  const { 'grpc-encoding': used = '', 'grpc-accept-encoding': accepted = used } = headers;
  const isAccepted = String(accepted)
    .split(/\s*,\s*/)
    .includes(String(used));
  const coding = isAccepted ? loadCompression().chooseCoding(String(used)) : undefined;
  const body = coding && (await loadCompression().compressBody(reply.body, coding));
  if (coding === undefined || body === undefined) return reply;
  return {
    ...reply,
    headers: [...reply.headers, 'grpc-encoding', coding, 'grpc-accept-encoding', messageCodings],
    body,
  };
}

function writePlain(stream: ServerHttp2Stream, { status, headers, body }: HttpReply, isHead: boolean): void {
  const isEmpty = status === 204 || status === 304;
  const fields = isEmpty ? headers : [...headers, 'content-length', String(bodyLength(body))];
  stream.respond(toFields(fields, status));
  if (isHead || isEmpty) return;
  writeBody(stream, Array.isArray(body) ? body : [body as string | Buffer]);
}

/** A date is for caches, which keep no call. */
const callOptions = { waitForTrailers: true, sendDate: false };

/** A failure is its trailers alone; a message goes before them. */
function writeCall(stream: ServerHttp2Stream, { status, headers, body }: HttpReply, trailers: readonly string[]): void {
  if (status >= 400) {
    stream.respond(toFields([...headers, ...trailers], 200), { endStream: true });
    return;
  }
  stream.respond(toFields(headers, 200), callOptions);
  stream.on('wantTrailers', () => stream.sendTrailers(toFields(trailers)));
  const parts = (Array.isArray(body) ? body : [body]) as readonly Buffer[];
  writeBody(stream, [prefixOf(bodyLength(parts), headers.includes('grpc-encoding')), ...parts]);
}

function writeBody(stream: ServerHttp2Stream, parts: readonly (string | Buffer)[]): void {
  if (parts.length === 1) {
    stream.end(parts[0]);
    return;
  }
  // To copy a short body takes less than to write it in pieces.
  if (bodyLength(parts as readonly Buffer[]) <= joinedBytes) {
    stream.end(Buffer.concat(parts as readonly Buffer[]));
    return;
  }
  stream.cork();
  for (const part of parts) stream.write(part);
  stream.end();
}
