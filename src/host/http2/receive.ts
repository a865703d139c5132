/** Receives the body of a stream: a message of gRPC, or any body as over HTTP/1.1. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { readOnlyMessage } from '../../grpc/frame';
import { HttpProblem } from '../../http/http-problem';
import { Problem } from '../../problem';
import { isLongOrUnknown } from '../arriving-head';
import { toCoding } from '../inflate';
import { createLongBodies, type Holdings, longBytes, type Sender } from '../long-body';
import { bodyTooLarge, noBody } from '../read-body';
import { type Received, type ReceiveOptions, toRefusal } from '../receive-body';
import type { SharedBodies } from '../shared-bodies';
import { openBody } from './flow';
import { readStream } from './read-stream';

/** The body, or the problem that prevented it; undefined if the stream was reset. Never rejects. */
export type ReceiveStream = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  holdings: Holdings,
  isCall: boolean,
) => Promise<Received>;

/** A body as sent, and the coding to undo. */
interface Packed {
  readonly bytes: Buffer;
  readonly coding: string | undefined;
}

export function createStreamReceiver(
  { budget, longBodies: queue }: SharedBodies,
  options: ReceiveOptions,
  takesArriving: (headers: IncomingHttpHeaders) => boolean,
): ReceiveStream {
  const { maxBodyBytes } = options;
  const limits = { maxBodyBytes, budget };
  const longBodies = createLongBodies(queue, options);

  function read(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, holdings: Holdings) {
    if (stream.endAfterHeaders) return noBody;
    if (Number(headers['content-length'] ?? 0) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    return readStream(stream, holdings, limits);
  }

  function arriving(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, holder: Holdings) {
    if (stream.endAfterHeaders || !isLongOrUnknown(headers, maxBodyBytes) || !takesArriving(headers)) return undefined;
    return openBody(stream, headers, { ...options, budget, holder });
  }

  async function receive(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    holdings: Holdings,
    isCall: boolean,
  ): Promise<Received> {
    if (headers[':method'] === 'CONNECT') return noTunnel();
    const open = isCall ? undefined : arriving(stream, headers, holdings);
    if (open !== undefined) return open;
    const body = await read(stream, headers, holdings);
    // A reset may look like the end of a body.
    if (body === undefined || stream.closed) return undefined;
    const { bytes, coding } = isCall ? unpackMessage(body, headers) : unpackBody(body, headers);
    if (coding !== undefined) return longBodies.inflate(bytes, coding, senderOf(stream), holdings);
    if (bytes.length >= longBytes) await longBodies.waitForTurn(senderOf(stream), holdings);
    return bytes;
  }

  return async (...received) => {
    try {
      return await receive(...received);
    } catch (failure) {
      return toRefusal(failure);
    }
  };
}

function senderOf(stream: ServerHttp2Stream): Sender {
  return {
    isGone: () => stream.destroyed || stream.closed,
    onEnd: (callback) => void (stream.destroyed ? callback() : stream.once('close', callback)),
  };
}

function unpackBody(bytes: Buffer, headers: IncomingHttpHeaders): Packed {
  const { ':method': method, 'content-encoding': encoding } = headers;
  const hasMeaning = bytes.length > 0 && method !== 'GET' && method !== 'HEAD';
  return { bytes, coding: hasMeaning ? toCoding(encoding) : undefined };
}

function unpackMessage(body: Buffer, { 'grpc-encoding': encoding }: IncomingHttpHeaders): Packed {
  const { isCompressed, message } = readOnlyMessage(body);
  const coding = toCoding(encoding === undefined ? undefined : String(encoding));
  if (isCompressed && coding === undefined)
    throw new Problem('malformed-body', 'Expected grpc-encoding with a compressed message, got none.');
  return { bytes: message, coding: isCompressed ? coding : undefined };
}

function noTunnel(): Problem {
  const allow = 'GET, HEAD, POST, OPTIONS';
  return new HttpProblem('method-not-allowed', `Expected ${allow}, got "CONNECT".`, { headers: ['allow', allow] });
}
