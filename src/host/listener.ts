/** One request from its socket to its answer: the request listener of both hosts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app/app';
import { connectionClose, HttpProblem } from '../http/http-problem';
import type { ArrivingBody, HttpReply, HttpRequest } from '../http/message';
import { createEvent, type RequestEvent } from '../http/request-event';
import { Problem } from '../problem';
import { logEvent } from '../telemetry/log/log';
import { isLastArrival, isUnread, noteArrival } from './arrivals';
import type { Holdings } from './long-body';
import { enterPipeline, leavePipeline } from './pipeline';
import { watchPresence } from './presence';
import { noBody } from './read-body';
import { createBodyReceiver, type ReceiveBody, type ReceiveOptions } from './receive-body';
import { createSharedBodies, type SharedBodies, type SharedOptions } from './shared-bodies';
import { toPath } from './target';
import { createReplyWriter, type ReplyWriter } from './write-reply';

// Loaded for bodies that are answered while they arrive.
const loadFlow = () => require('./flow') as typeof import('./flow');

export type RequestListener = (incoming: IncomingMessage, response: ServerResponse) => void;

/** Extra handling of a request once its body is read. Resolves with false when it has already been answered. */
export type Detour = (incoming: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface ListenerOptions extends ReceiveOptions, SharedOptions {
  /** Given when another listener serves some of the connections. */
  readonly bodies?: SharedBodies;
}

/**
 * Invariants of each request:
 *
 * - One received before a signal is answered, even if its body or its turn comes later; one received after it is refused.
 * - Its memory is released before its answer is sent, so that the caller's next body has room.
 * - However it ends, it releases its memory, its place among long bodies and its place on the connection.
 * - The app is told exactly once when its reply has ended.
 */
export function createListener(app: App, options: ListenerOptions, detour?: Detour): RequestListener {
  const { bodies = createSharedBodies(options) } = options;
  const { budget, longBodies } = bodies;
  const writeReply = createReplyWriter(budget);
  const receive =
    detour === undefined
      ? createBodyReceiver(bodies, options, takesArriving)
      : withDetour(createBodyReceiver(bodies, options, never), detour);
  app.addHost(() => ({ bufferedBytes: budget.takenBytes(), longBodies: longBodies.length() }));

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = createEvent();
    const holdings: Holdings = { heldBytes: 0, place: undefined };
    const { socket } = incoming;
    const number = noteArrival(socket);
    const isLate = app.isDraining() && !isUnread(socket);
    const waiting = enterPipeline(socket);
    try {
      // Lets Node parse the body if it arrived together with the head.
      await waiting;
      const body = isLate ? draining() : await receive(incoming, response, holdings);
      if (body === undefined) return;
      watchCaller(response, holdings);
      const request = toRequest(incoming, body, event);
      const reply = body instanceof Problem ? app.refuse(body, request) : await app.handle(request);
      if (reply.rest === undefined) budget.release(holdings);
      const isLast = app.isDraining() && isLastArrival(socket, number);
      const write = request.arriving === undefined ? writeReply : writeArriving;
      await answer(app, write, request, response, isLast ? closing(reply) : reply);
    } finally {
      budget.release(holdings);
      holdings.place?.leave();
      leavePipeline(socket);
    }
  }

  function takesArriving({ method = '', url = '', headers }: IncomingMessage): boolean {
    return app.takesArriving({ method, path: toPath(url), headers });
  }

  function writeArriving(response: ServerResponse, reply: HttpReply): void | Promise<void> {
    const { req: incoming } = response;
    if (reply.rest !== undefined) return loadFlow().writeFlow(response, reply, budget);
    return incoming.readableEnded ? writeReply(response, reply) : loadFlow().answerEarly(response, closing(reply));
  }

  /** Hooks may take long, which is in vain once the caller has gone. A caller with a long body is watched already. */
  function watchCaller(response: ServerResponse, { place }: Holdings): void {
    if (app.model.hooked !== undefined && place === undefined) watchPresence(response);
  }

  return (incoming, response) => void serve(incoming, response).catch((failure) => abandon(response, failure));
}

const never = () => false;

function withDetour(receiveBody: ReceiveBody, detour: Detour): ReceiveBody {
  return async (incoming, response, holdings) => {
    const body = await receiveBody(incoming, response, holdings);
    if (!Buffer.isBuffer(body)) return body;
    return (await detour(incoming, response)) ? body : undefined;
  };
}

/** Writes a reply and tells the app when it has ended, even if writing fails. */
async function answer(
  app: Pick<App, 'ended'>,
  writeReply: ReplyWriter,
  request: HttpRequest,
  response: ServerResponse,
  reply: HttpReply,
): Promise<void> {
  try {
    const writing = writeReply(response, reply);
    if (writing !== undefined) await writing;
  } finally {
    app.ended(request, reply);
  }
}

/** Answers a bare 500, or closes the connection when part of the answer is already sent. */
function abandon(response: ServerResponse, failure: unknown): void {
  logEvent('ERROR', 'Failed to write an answer.', failure);
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { connection: 'close' }).end();
}

function closing(reply: HttpReply): HttpReply {
  if (reply.headers.includes('connection')) return reply;
  return { ...reply, headers: [...reply.headers, ...connectionClose] };
}

export function draining(): Problem {
  const detail = 'This instance is shutting down; send the request again.';
  return new HttpProblem('draining', detail, { retryAfterSeconds: 1, headers: connectionClose });
}

/** The app's view of a request, made when its body has arrived. */
function toRequest(
  { method = '', url = '', headers, socket }: IncomingMessage,
  received: Buffer | ArrivingBody | Problem,
  event: RequestEvent,
): HttpRequest {
  event.readAt = performance.now();
  const body = Buffer.isBuffer(received) ? received : noBody;
  const arriving = Buffer.isBuffer(received) || received instanceof Problem ? undefined : received;
  return { method, path: toPath(url), headers, body, arriving, isGone: () => socket.destroyed, event };
}
