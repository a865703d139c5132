/** One event per request: counted, and written as a line. */
import { bodyLength, type HttpReply, type HttpRequest } from '../http/message';
import type { Model } from '../model/model';
import { createAccessLog } from './log/access-log';
import { writeLine } from './log/lines';
import { countVersion, type VersionCounts } from './version-counts';

export interface TelemetryOptions {
  readonly logRequests: 'all' | 'problems' | 'none';
  readonly logFormat: 'json' | 'text';
  readonly logInputs: 'off' | 'sample';
  /** Lines a second; requests beyond get one only when they have a problem. */
  readonly maxLogLines: number;
  readonly project: string | undefined;
}

/** What a host holds for requests at the moment. */
export interface HostReadings {
  /** Of bodies, and of answers that have not been read. */
  readonly bufferedBytes: number;
  /** In work, and those that wait for it. */
  readonly longBodies: number;
}

export interface Telemetry {
  /** The champion's counts first, then the candidate's. */
  readonly versions: readonly VersionCounts[];
  /** Requests not yet answered. */
  inFlight(): number;
  /** What all hosts hold together. */
  readHosts(): HostReadings;
  addHost(read: () => HostReadings): void;
  started(): void;
  ended(request: HttpRequest, reply: HttpReply): void;
}

const probes = new Set(['/v2/health/live', '/v2/health/ready', '/metrics']);

export function createTelemetry(options: TelemetryOptions, models: readonly Model[]): Telemetry {
  const { logFormat: format, project, logInputs } = options;
  const versions = models.map(countVersion);
  const [champion] = versions as [VersionCounts];
  const toLine = createAccessLog({ format, project, logsInputs: logInputs === 'sample' });
  let inFlight = 0;

  // What no model has answered counts as the champion's.
  const versionOf = (name: string) => versions.find(({ model }) => model.card.version === name) ?? champion;

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
    inFlight--;
    versionOf(event.version).metrics.requestEnded(event, reply.status, endedAt);
    if (!isLogged(event.route, reply.status)) return;
    if (event.problem === undefined && !hasRoom(endedAt)) {
      skipped++;
      return;
    }
    writeLine(toLine({ request, reply, replyBytes: bodyLength(reply.body), endedAt, skipped }));
    skipped = 0;
  }

  function started(): void {
    inFlight++;
  }

  const hosts: (() => HostReadings)[] = [];

  function readHosts(): HostReadings {
    const readings = hosts.map((read) => read());
    const sum = (key: keyof HostReadings) => readings.reduce((total, reading) => total + reading[key], 0);
    return { bufferedBytes: sum('bufferedBytes'), longBodies: sum('longBodies') };
  }

  function addHost(read: () => HostReadings): void {
    hosts.push(read);
  }

  return { versions, inFlight: () => inFlight, readHosts, addHost, started, ended };
}
