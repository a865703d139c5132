/** One event per request: counted, logged, and exported as a span if an exporter is configured. */
import type { Capture } from '../capture/capture';
import type { OpenTelemetryConfig } from '../config';
import { bodyLength, type HttpReply, type HttpRequest } from '../http/message';
import type { RequestEvent } from '../http/request-event';
import type { Model } from '../model/model';
import type { Serving } from '../serving/serving';
import { type HostReadings, readFamilies } from './all-families';
import { createAccessLog } from './log/access-log';
import { writeLine } from './log/lines';
import { createLagReader } from './metrics/event-loop-lag';
import type { Family } from './metrics/families';
import { countShadow } from './metrics/shadow-counts';
import { countVersion, type VersionCounts } from './version-counts';

// Loaded where a collector is set.
const loadExporter = () => require('./otlp/exporter') as typeof import('./otlp/exporter');

export interface TelemetryOptions {
  readonly logRequests: 'all' | 'problems' | 'none';
  readonly logFormat: 'json' | 'text';
  readonly logInputs: 'off' | 'sample';
  /** Lines per second; above this, only requests with a problem are logged. */
  readonly maxLogLines: number;
  readonly project: string | undefined;
  /** Where to send metrics and spans. */
  readonly openTelemetry: OpenTelemetryConfig | undefined;
}

export interface Telemetry {
  /** The champion's counts first, then the candidate's. */
  readonly versions: readonly VersionCounts[];
  started(): void;
  ended(request: HttpRequest, reply: HttpReply): void;
  addHost(read: () => HostReadings): void;
  /** Creates a reader of all metrics, with its own window for what is measured between two readings. */
  createReader(): () => Family[];
  /** Exports what is left. */
  close(): Promise<void>;
}

const hasPrivate = ({ card }: Model) => card.features.some((feature) => feature.private === true);

const probes = new Set(['/v2/health/live', '/v2/health/ready', '/metrics']);

export function createTelemetry(
  options: TelemetryOptions,
  { models, shadow }: Serving,
  capture?: Capture | undefined,
): Telemetry {
  const { logFormat: format, project, logInputs, openTelemetry } = options;
  const versions = models.map(countVersion);
  const [champion] = versions as [VersionCounts];
  const shadowCounts = shadow && countShadow(shadow);
  const toLine = createAccessLog({ format, project, logsInputs: logInputs === 'sample' && !models.some(hasPrivate) });
  const hosts: (() => HostReadings)[] = [];
  let inFlight = 0;
  const exporter =
    openTelemetry && loadExporter().startExporter(openTelemetry, champion.model.card.version, createReader());

  function createReader(): () => Family[] {
    const readLag = createLagReader();
    return () =>
      readFamilies({
        versions,
        inFlight,
        hosts: hosts.map((read) => read()),
        shadow: shadowCounts,
        capture: capture?.read(),
        lag: readLag(),
      });
  }

  // Requests that no model answered count for the champion.
  const versionOf = (name: string) => versions.find(({ model }) => model.card.version === name) ?? champion;

  function isLogged({ route, problem }: RequestEvent, status: number): boolean {
    if (options.logRequests === 'none') return status >= 500;
    // An answer that has begun has a good status, however it ends.
    return status >= 400 || problem !== undefined || (options.logRequests === 'all' && !probes.has(route));
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
    const endedAt = performance.now();
    inFlight--;
    versionOf(request.event.version).metrics.requestEnded(request.event, reply.status, endedAt);
    exporter?.requestEnded(request, reply.status, endedAt);
    capture?.ended(request, reply, endedAt);
    log(request, reply, endedAt);
  }

  function log(request: HttpRequest, reply: HttpReply, endedAt: number): void {
    const { event } = request;
    if (!isLogged(event, reply.status)) return;
    if (event.problem === undefined && !hasRoom(endedAt)) {
      skipped++;
      return;
    }
    writeLine(toLine({ request, reply, replyBytes: bodyLength(reply.body) + event.restBytes, endedAt, skipped }));
    skipped = 0;
  }

  return {
    versions,
    started: () => {
      inFlight++;
    },
    ended,
    addHost: (read) => void hosts.push(read),
    createReader,
    close: async () => exporter?.close(),
  };
}
