/** One event per request: counted, and written as a line. */
import { bodyLength, type HttpReply, type HttpRequest } from '../http/message';
import type { Model } from '../model/model';
import { createAccessLog } from './access-log';
import type { Drift } from './drift';
import { writeLine } from './lines';
import { logEvent } from './log';
import { createMetrics, type Metrics } from './metrics';
import { createPredictionCounter } from './predictions';

export interface TelemetryOptions {
  readonly logRequests: 'all' | 'problems' | 'none';
  readonly logFormat: 'json' | 'text';
  readonly logInputs: 'off' | 'sample';
  /** Lines a second; requests beyond get one only when they have a problem. */
  readonly maxLogLines: number;
  readonly project: string | undefined;
}

export interface Telemetry {
  readonly metrics: Metrics;
  drift(): Drift;
  started(): void;
  ended(request: HttpRequest, reply: HttpReply): void;
}

const probes = new Set(['/v2/health/live', '/v2/health/ready', '/metrics']);

export function createTelemetry(options: TelemetryOptions, model: Model): Telemetry {
  const metrics = createMetrics();
  let known: Drift | undefined;
  const countPredictions = createPredictionCounter(model.card, metrics);
  const { logFormat: format, project, logInputs } = options;
  const toLine = createAccessLog({
    format,
    project,
    modelVersion: model.card.version,
    logsInputs: logInputs === 'sample',
  });
  model.observe({
    loaded: metrics.modelLoaded,
    loadFailed(failure) {
      metrics.modelFailedToLoad();
      logEvent('ERROR', 'The model could not be loaded.', failure);
    },
    threadsFailed: (failure) => logEvent('ERROR', 'The model runs in the event loop: its threads failed.', failure),
    ran(inputs, outputs, seconds) {
      metrics.modelRan(outputs.rows, seconds);
      countPredictions(outputs);
      drift().count(inputs, outputs);
    },
  });

  // Loaded with the first rows that have their answers, or for whoever asks: no start waits for it.
  function drift(): Drift {
    known ??= (require('./drift') as typeof import('./drift')).createDrift(model.card);
    return known;
  }

  function isLogged(route: string, status: number): boolean {
    if (options.logRequests === 'none') return status >= 500;
    return status >= 400 || (options.logRequests === 'all' && !probes.has(route));
  }

  let second = 0;
  let lines = 0;
  let skipped = 0;

  function hasRoom(endedAt: number): boolean {
    const now = Math.floor(endedAt / 1_000);
    if (now !== second) [second, lines] = [now, 0];
    return lines++ < options.maxLogLines;
  }

  function ended(request: HttpRequest, reply: HttpReply): void {
    const { event } = request;
    const endedAt = performance.now();
    metrics.requestEnded(event, reply.status, endedAt);
    if (!isLogged(event.route, reply.status)) return;
    if (event.problem === undefined && !hasRoom(endedAt)) {
      skipped++;
      return;
    }
    writeLine(toLine({ request, reply, replyBytes: bodyLength(reply.body), endedAt, skipped }));
    skipped = 0;
  }

  return { metrics, drift, started: metrics.requestStarted, ended };
}
