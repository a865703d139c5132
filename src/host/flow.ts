/** Answers of HTTP/1.1 to bodies that arrive meanwhile: as they are made, cut short where they fail, and early where a body is refused. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ArrivingBody, bodyBytes, type HttpReply } from '../http/message';
import { createArrivingBody, forgetArriving, noteArriving } from './arriving-body';
import type { BodyBudget } from './body-budget';
import { damaged, inflateStream, toCoding } from './inflate';
import { discardRest, endSoon } from './linger';
import type { Holdings } from './long-body';
import { onRequestEnd } from './request-end';
import { writeAll } from './write-rest';

export interface FlowOptions {
  readonly maxBodyBytes: number;
  readonly clientTimeoutMs: number;
  readonly budget: BodyBudget;
  readonly holder: Holdings;
}

/** Reads a body while it is answered. */
export function openBody(incoming: IncomingMessage, response: ServerResponse, options: FlowOptions): ArrivingBody {
  const { socket } = incoming;
  const coding = toCoding(incoming.headers['content-encoding']);
  noteArriving(socket);
  onRequestEnd(response, () => forgetArriving(socket));
  return createArrivingBody(coding === undefined ? incoming : inflateStream(incoming), {
    ...options,
    isComplete: () => incoming.complete,
    isCut: () => incoming.destroyed && !incoming.complete,
    toProblem: (failure) => damaged(coding ?? '', failure),
  });
}

/** Writes a reply whose rest is made while it is read. */
export async function writeFlow(response: ServerResponse, reply: HttpReply, budget: BodyBudget): Promise<void> {
  const { status, headers } = reply;
  if (response.destroyed) return;
  response.writeHead(status, [...headers]);
  try {
    if (await writeAll(response, reply, { budget, onEnd: (callback) => onRequestEnd(response, callback) }))
      response.end();
  } catch {
    // The app has noted why.
    cutShort(response);
  }
}

/** Ends the connection without the end of the answer, by which callers know that it is not complete. */
function cutShort(response: ServerResponse): void {
  const { socket } = response;
  // An answer that waits for those before it has none yet.
  if (socket === null) response.destroy();
  else socket.write('', () => endSoon(socket));
  response.req.unpipe().removeAllListeners('readable').resume();
}

/** Answers a request before its body has ended; the connection closes once the caller has had time to read that. */
export async function answerEarly(response: ServerResponse, { status, headers, body }: HttpReply): Promise<void> {
  // A request that could not be parsed to its end has been answered.
  if (response.destroyed || response.socket?.writableEnded === true) return;
  const bytes = bodyBytes(body);
  response.writeHead(status, [...headers, 'content-length', String(bytes.length)]);
  response.write(bytes);
  await discardRest(response.req);
  response.end();
}
