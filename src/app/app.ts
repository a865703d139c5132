/** Turns requests into replies: finds the handler, and has the only catch that answers. */
import type { CaptureSettings } from '../capture-settings';
import { problemFields } from '../http/http-problem';
import { type HttpReply, type HttpRequest, problemReply, type RequestHead } from '../http/message';
import { readPredictionId } from '../http/prediction-id';
import { typeDependsOn, wantsPlainJson } from '../http/problem-type';
import { findHandler, type Routes, takesArriving } from '../http/router';
import { ModelRefusal } from '../model/card/refusal';
import type { Model } from '../model/model';
import type { AllowedOrigins } from '../origins';
import { Problem, toError, toProblemDocument } from '../problem';
import type { Protocol } from '../protocols/shared/protocol';
import { createServing, type ServingOptions } from '../serving/create-serving';
import type { HostReadings } from '../telemetry/all-families';
import { logEvent } from '../telemetry/log/log';
import { createTelemetry, type TelemetryOptions } from '../telemetry/telemetry';
import { createCors } from './cors';
import { protocols } from './protocols';
import { createRoutes, dialectOf, unknownPath } from './routes';
import type { VertexRoutes } from './vertex-routes';
import { watchRest } from './watched-rest';
import { createConsent } from './webhooks';

// Loaded when requests are captured.
const loadCapture = () => require('../capture/capture') as typeof import('../capture/capture');

const loadFeedback = () => require('../protocols/feedback/feedback') as typeof import('../protocols/feedback/feedback');

export interface App {
  /** The reply to a request. Never rejects. */
  handle(request: HttpRequest): Promise<HttpReply>;
  /** The same for a host that speaks more protocols than the others. */
  handleAlso(more: readonly Protocol[]): App['handle'];
  /** Whether the body of such a request may be handed over while it arrives. */
  takesArriving(head: RequestHead): boolean;
  /** The reply to a request that the host refuses with `problem`. */
  refuse(problem: Problem, request: HttpRequest): HttpReply;
  /** Called once per reply, when it has been written or its connection has closed. */
  ended(request: HttpRequest, reply: HttpReply): void;
  /** From now on hosts refuse new requests, and the last answer on each connection closes it. */
  startDraining(): void;
  /** Adds a host's readings to `/metrics`. */
  addHost(read: () => HostReadings): void;
  isDraining(): boolean;
  /** The champion: answers unless a candidate is chosen. */
  readonly model: Model;
  /** Releases resources after the last answer. */
  close(): Promise<void>;
}

export interface AppOptions extends ServingOptions, TelemetryOptions {
  readonly modelLoading: 'lazy' | 'eager';
  readonly vertexRoutes: VertexRoutes;
  readonly corsOrigins: AllowedOrigins;
  readonly webhookSenders: readonly string[];
  readonly capture: CaptureSettings | undefined;
}

export function createApp(options: AppOptions): App {
  const serving = createServing(options);
  const { champion: model } = serving;
  const capture = options.capture && loadCapture().createCapture(options.capture, serving.models);
  const telemetry = createTelemetry(options, serving, capture);
  const cors = createCors(options.corsOrigins);
  const consent = createConsent(options.webhookSenders);
  const settings = { ...options.vertexRoutes, corsOrigins: options.corsOrigins };
  const served = capture === undefined ? protocols : [...protocols, loadFeedback().createFeedback(capture)];
  const routes = createRoutes(serving, telemetry, settings, served);
  // A failed load is logged where it happens, and the first request retries it.
  if (options.modelLoading === 'eager') model.load().catch(() => undefined);
  let isDraining = false;

  function handleBy(table: Routes): App['handle'] {
    return async (request) => {
      telemetry.started();
      capture?.begin(request);
      try {
        const handler = findHandler(table, request);
        if (handler === undefined) throw unknownPath(request.path, serving.models);
        return complete(await handler(request), request);
      } catch (failure) {
        return complete(toFailureReply(failure, request), request);
      }
    };
  }

  function refuse(problem: Problem, request: HttpRequest): HttpReply {
    telemetry.started();
    return complete(toFailureReply(problem, request), request);
  }

  /** Adds the header fields of the model version that answered, and of what a page may read. */
  function complete(reply: HttpReply, request: HttpRequest): HttpReply {
    const { version } = request.event;
    const { status, headers, body, trailers } = reply;
    const rest = reply.rest && watchRest(reply.rest, request, capture, toProblem);
    const versioned =
      version === ''
        ? reply
        : { status, headers: [...headers, 'model-version', version, ...idOf(request)], body, rest, trailers };
    const consented = consent === undefined ? versioned : consent(versioned, request);
    return cors === undefined ? consented : cors(consented, request);
  }

  return {
    handle: handleBy(routes),
    handleAlso: (more) => handleBy(createRoutes(serving, telemetry, settings, [...served, ...more])),
    takesArriving: (head) => takesArriving(routes, head),
    refuse,
    ended: telemetry.ended,
    startDraining: () => {
      isDraining = true;
    },
    isDraining: () => isDraining,
    addHost: telemetry.addHost,
    model,
    async close() {
      await capture?.close();
      await telemetry.close();
      await serving.release();
    },
  };
}

const noFields: readonly string[] = [];

/** Only for those who can use it: a field more costs an answer 4 % of its time. */
function idOf({ event, headers }: HttpRequest): readonly string[] {
  if (event.rows === 0) return noFields;
  event.predictionId ??= readPredictionId(headers);
  return event.predictionId === undefined ? noFields : ['prediction-id', event.predictionId];
}

function toFailureReply(failure: unknown, { path, headers, event, dialect = dialectOf(path) }: HttpRequest): HttpReply {
  const problem = toProblem(failure);
  event.problem = problem.type;
  if (dialect?.answer !== undefined) return dialect.answer(problem);
  const document = toProblemDocument(problem);
  const fields = problemFields(problem);
  if (dialect === undefined) return problemReply(document, fields);
  const spelled = dialect.spell(document);
  if (!dialect.hasPlainJsonClients) return problemReply(spelled, fields);
  return problemReply(spelled, [...fields, ...typeDependsOn], wantsPlainJson(headers));
}

function toProblem(failure: unknown): Problem {
  return failure instanceof Problem ? failure : toInternalProblem(toError(failure));
}

function toInternalProblem(failure: Error): Problem {
  // What the card names beside the weights is opened by the first request that needs it, which may come before the load does.
  if (failure instanceof ModelRefusal) {
    logEvent('ERROR', 'The model cannot be served.', failure);
    return new Problem('model-unavailable', 'The model could not be loaded. Retry in 1 s.', { retryAfterSeconds: 1 });
  }
  logEvent('ERROR', 'A request failed with an unexpected error.', failure);
  return new Problem('internal', 'The server failed unexpectedly; the cause is in its log.');
}
