/** Answers of HTTP/2 to bodies that arrive meanwhile: as they are made, and reset where they fail. */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { ArrivingBody, HttpReply } from '../../http/message';
import { createArrivingBody } from '../arriving-body';
import type { BodyBudget } from '../body-budget';
import type { FlowOptions } from '../flow';
import { damaged, inflateStream, toCoding } from '../inflate';
import { writeAll } from '../write-rest';
import { toFields } from './fields';

/** Reads a body while it is answered. */
export function openBody(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: FlowOptions): ArrivingBody {
  const coding = toCoding(headers['content-encoding']);
  return createArrivingBody(coding === undefined ? stream : inflateStream(stream), {
    ...options,
    isComplete: () => stream.readableEnded,
    isCut: () => stream.destroyed || stream.closed,
    toProblem: (failure) => damaged(coding ?? '', failure),
  });
}

/** Writes a reply whose rest is made while it is read. */
export async function writeFlow(stream: ServerHttp2Stream, reply: HttpReply, budget: BodyBudget): Promise<void> {
  if (stream.destroyed || stream.closed) return;
  let end = () => stream.sendTrailers({});
  // A stream that its own end has closed cannot be reset any more, so both wait until all else is sent.
  stream.respond(toFields(reply.headers, reply.status), { waitForTrailers: true });
  stream.on('wantTrailers', () => end());
  try {
    await writeAll(stream, reply, { budget, onEnd: (callback) => stream.on('close', callback) });
  } catch {
    // The app has noted why.
    end = () => stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
  if (!stream.destroyed) stream.end();
}
