/** Turns requests into answers: finds the handler, and holds the only catch that answers. */
import { createServing, type Serving, type ServingOptions } from './candidate/serving';
import type { OpenTelemetryConfig } from './config';
import type { Answer, HttpReply, HttpRequest } from './http/message';
import { problemReply } from './http/message';
import { findHandler } from './http/router';
import type { Model } from './model/model';
import { Problem, toError, toProblemDocument } from './problem';
import { createRoutes, dialectOf, unknownPath, type VertexRoutes } from './routes';
import { logEvent } from './telemetry/log';
import type { Exporter } from './telemetry/otlp/exporter';
import { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry/telemetry';

export interface App {
  /** Answers a request; `respond` is called once, now or later. */
  handle(request: HttpRequest, respond: Respond): void;
  /** Answers a request that a host could not take, because of `problem`. */
  refuse(problem: Problem, request: HttpRequest, respond: Respond): void;
  /** From now on hosts refuse what arrives, and every answer closes its connection. */
  startDraining(): void;
  isDraining(): boolean;
  /** The one that answers unless a candidate is to. */
  readonly model: Model;
  /** Frees what the app holds, after its last answer. */
  close(): Promise<void>;
}

export type Respond = (reply: HttpReply) => void;

export interface AppOptions extends ServingOptions, TelemetryOptions {
  readonly modelLoading: 'lazy' | 'eager';
  readonly vertexRoutes: VertexRoutes;
  readonly openTelemetry: OpenTelemetryConfig | undefined;
}

export function createApp(options: AppOptions): App {
  const serving = createServing(options);
  const { champion: model } = serving;
  const telemetry = createTelemetry(options, serving.models);
  const exporter = options.openTelemetry && startExporter(options.openTelemetry, serving, telemetry);
  const routes = createRoutes(serving, telemetry, options.vertexRoutes);
  // A failure is logged where it happens, and the first request tries again.
  if (options.modelLoading === 'eager') model.load().catch(() => undefined);
  let isDraining = false;

  function answerer(request: HttpRequest, respond: Respond): Answer {
    telemetry.started();
    return (outcome, dialect) => {
      const { version } = request.event;
      const bare = outcome instanceof Error ? toFailureReply(outcome, request, dialect) : outcome;
      const reply = version === '' ? bare : { ...bare, headers: [...bare.headers, 'model-version', version] };
      try {
        respond(isDraining ? closing(reply) : reply);
      } catch (failure) {
        logEvent('ERROR', 'An answer could not be written.', failure);
      }
      telemetry.ended(request, reply);
      exporter?.requestEnded(request, reply.status, performance.now());
    };
  }

  function handle(request: HttpRequest, respond: Respond): void {
    const answer = answerer(request, respond);
    try {
      const handler = findHandler(routes, request);
      if (handler === undefined) throw unknownPath(request.path, serving.models);
      handler(request, answer);
    } catch (failure) {
      answer(toError(failure));
    }
  }

  return {
    handle,
    refuse: (problem, request, respond) => answerer(request, respond)(problem),
    startDraining: () => {
      isDraining = true;
    },
    isDraining: () => isDraining,
    model,
    async close() {
      await exporter?.close();
      await serving.release();
    },
  };
}

// Most deployments export nothing: what they do not use is not loaded.
function startExporter(settings: OpenTelemetryConfig, serving: Serving, telemetry: Telemetry): Exporter {
  const otlp = require('./telemetry/otlp/exporter') as typeof import('./telemetry/otlp/exporter');
  const { readFamilies } = require('./documents/metrics') as typeof import('./documents/metrics');
  const { version } = serving.champion.card;
  return otlp.startExporter(settings, version, () => readFamilies(telemetry, serving.shadow));
}

function closing(reply: HttpReply): HttpReply {
  return { ...reply, headers: [...reply.headers, 'connection', 'close'] };
}

function toFailureReply(failure: Error, { path, event }: HttpRequest, dialect = dialectOf(path)): HttpReply {
  const problem = failure instanceof Problem ? failure : toInternalProblem(failure);
  event.problem = problem.type;
  const document = toProblemDocument(problem);
  return problemReply(dialect === undefined ? document : dialect(document), problem.headers);
}

function toInternalProblem(failure: Error): Problem {
  logEvent('ERROR', 'A request failed for a reason that is not the caller’s.', failure);
  return new Problem('internal', 'The server failed for a reason that is not yours; its log has the cause.');
}
