/** One stream from its head to its answer: a call of gRPC, or a request as over HTTP/1.1. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { App } from '../../app/app';
import { createMethods } from '../../grpc/methods';
import { grpcDialect } from '../../grpc/reply';
import { readTimeoutMs } from '../../grpc/timeout';
import type { HttpReply, HttpRequest, RequestHead } from '../../http/message';
import { createEvent, type RequestEvent } from '../../http/request-event';
import { Problem } from '../../problem';
import type { Method } from '../../protobuf/schema';
import { logEvent } from '../../telemetry/log/log';
import { draining } from '../listener';
import type { Holdings } from '../long-body';
import { noBody } from '../read-body';
import type { Received, ReceiveOptions } from '../receive-body';
import type { SharedBodies } from '../shared-bodies';
import { toPath } from '../target';
import type { StreamEnds } from './connection';
import { converse } from './converse';
import { grpcProtocols, grpcServices } from './grpc-protocols';
import { createStreamReceiver } from './receive';
import { createStreamWriter } from './write';

export type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ends: StreamEnds) => void;

/** gRPC-Web is something else. */
const grpcType = /^application\/grpc(?:\+proto)?(?:$|;)/;

/** The invariants are those of `../listener.ts`. */
export function createStreamListener(app: App, options: ReceiveOptions, bodies: SharedBodies): StreamListener {
  const handle = app.handleAlso(grpcProtocols);
  const findMethod = createMethods(grpcServices);
  const receive = createStreamReceiver(bodies, options, (headers) => app.takesArriving(headOf(headers)));
  const write = createStreamWriter(bodies.budget);

  function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ends: StreamEnds): Promise<void> {
    const isCall = grpcType.test(headers['content-type'] ?? '');
    const method = isCall ? methodOf(headers) : undefined;
    if (ends.isLate) return respond(stream, headers, ends, isCall, draining());
    if (method instanceof Problem) return respond(stream, headers, ends, isCall, method);
    if (method?.isConversation !== true) return respond(stream, headers, ends, isCall);
    return converse(stream, (message) => answerMessage(stream, headers, message));
  }

  async function respond(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    ends: StreamEnds,
    isCall: boolean,
    refusal?: Problem,
  ): Promise<void> {
    const event = createEvent();
    const holdings: Holdings = { heldBytes: 0, place: undefined };
    try {
      const body = refusal ?? (await receive(stream, headers, holdings, isCall));
      if (body === undefined || stream.destroyed) return;
      ends.received();
      const request = toRequest(stream, headers, body, event, isCall);
      const reply = await answerOf(body, request);
      if (reply.rest === undefined) bodies.budget.release(holdings);
      try {
        const writing = write(stream, headers, reply, ends);
        if (writing !== undefined) await writing;
      } finally {
        app.ended(request, reply);
      }
    } finally {
      bodies.budget.release(holdings);
      holdings.place?.leave();
    }
  }

  /** The method of a call. Clients of streams wait for an answer before they end their side, so its name is checked first. */
  function methodOf(headers: IncomingHttpHeaders): Method | Problem {
    try {
      return findMethod(toPath(headers[':path'] ?? ''));
    } catch (failure) {
      if (failure instanceof Problem) return failure;
      throw failure;
    }
  }

  /** Each message of a conversation is a request. */
  async function answerMessage(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    message: Buffer | Problem,
  ): Promise<HttpReply> {
    const request = toRequest(stream, headers, message, createEvent(), true);
    const reply = message instanceof Problem ? app.refuse(message, request) : await handle(request);
    app.ended(request, reply);
    return reply;
  }

  function answerOf(body: Exclude<Received, undefined>, request: HttpRequest): HttpReply | Promise<HttpReply> {
    if (body instanceof Problem) return app.refuse(body, request);
    try {
      return handle(withDeadline(request));
    } catch (failure) {
      if (failure instanceof Problem) return app.refuse(failure, request);
      throw failure;
    }
  }

  return (stream, headers, ends) => void serve(stream, headers, ends).catch((failure) => abandon(stream, failure));
}

function abandon(stream: ServerHttp2Stream, failure: unknown): void {
  logEvent('ERROR', 'Failed to write an answer.', failure);
  stream.destroy();
}

function toRequest(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  received: Exclude<Received, undefined>,
  event: RequestEvent,
  isCall: boolean,
): HttpRequest {
  event.readAt = performance.now();
  const request: HttpRequest = {
    ...headOf(headers),
    body: Buffer.isBuffer(received) ? received : noBody,
    arriving: Buffer.isBuffer(received) || received instanceof Problem ? undefined : received,
    isGone: () => stream.destroyed || stream.closed,
    event,
  };
  if (isCall) request.dialect = grpcDialect;
  return request;
}

function headOf(headers: IncomingHttpHeaders): RequestHead {
  return { method: headers[':method'] ?? '', path: toPath(headers[':path'] ?? '*'), headers };
}

/** With the time by which the caller wants its answer. Throws if that is over. */
function withDeadline(request: HttpRequest): HttpRequest {
  const { 'grpc-timeout': field } = request.headers;
  if (request.dialect !== grpcDialect || field === undefined) return request;
  const timeoutMs = readTimeoutMs(String(field));
  const expiresAt = request.event.startedAt + timeoutMs;
  if (expiresAt <= performance.now())
    throw new Problem('deadline-exceeded', `The call did not arrive within its ${timeoutMs} ms.`);
  return { ...request, expiresAt };
}
