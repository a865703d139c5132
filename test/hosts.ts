/** Runs one suite on each host: in process, on functions-framework with and without the takeover, on `server.ts`. */
import { type AnswerCheck, type Client, createClient } from './client';
import { type HostProcess, type ProcessSettings, spawnHost, waitUntilListening } from './processes';

export const hostKinds = [
  'in process',
  'functions-framework',
  'functions-framework without takeover',
  'server.ts',
] as const;

export type HostKind = (typeof hostKinds)[number];
export type ProcessKind = Exclude<HostKind, 'in process'>;

export const processKinds = hostKinds.filter((kind): kind is ProcessKind => kind !== 'in process');

export interface Host extends Client {
  readonly kind: HostKind;
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  /** Lines that the process has written; a host in process has none of its own. */
  readonly stdout: readonly string[];
  /** The first line, past or future, that matches. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly exitCode: Promise<number | null>;
  /** Ends the host and waits until it has ended. */
  stop(): Promise<number | null>;
  /** Whether this host answers as the entry of `differences` says, and not as the others do. */
  differsIn(difference: Difference): boolean;
}

interface OtherAnswer {
  readonly because: string;
  readonly status: number;
  readonly contentType: string | undefined;
}

const html = 'text/html; charset=utf-8';

/** Everything in which functions-framework's own path (`DIRECT_SERVING=off`) answers differently from the other hosts. */
export const differences = {
  'broken percent-encoding': { because: 'its router decodes the path', status: 400, contentType: html },
  'ignored routes': { because: 'it keeps what browsers and crawlers ask for', status: 404, contentType: undefined },
  'OPTIONS *': { because: 'its router knows no path without a slash', status: 404, contentType: html },
} as const satisfies Record<string, OtherAnswer>;

export type Difference = keyof typeof differences;

/** The suite gets a host that runs while its tests do. */
export function describeEachHost(title: string, suite: (host: Host) => void, settings: ProcessSettings = {}): void {
  describe.each(hostKinds)(`${title}, %s`, (kind) => {
    const host = { kind } as Host;
    beforeAll(async () => {
      Object.assign(host, await startHost(kind, settings));
    });
    afterAll(() => host.stop());
    suite(host);
  });
}

/** Starts a host and waits until it takes connections. */
export async function startHost(kind: HostKind, settings: ProcessSettings = {}): Promise<Host> {
  if (kind !== 'in process') return startProcess(kind, settings);
  // Loaded where it is needed: it brings the whole of src/.
  const { startInProcess } = require('./in-process') as typeof import('./in-process');
  const host = await startInProcess(settings, checkOf(kind, settings));
  return { ...host, ...identify(kind, host.port) };
}

/** Starts a host without waiting, for one that is meant to stop by itself. */
export function launchHost(kind: ProcessKind, { env, ...settings }: ProcessSettings = {}): Promise<HostProcess> {
  if (kind === 'server.ts') return spawnHost('server', { ...settings, env: { ...env } });
  const switches = kind === 'functions-framework' ? {} : { DIRECT_SERVING: 'off' };
  return spawnHost('framework', { ...settings, env: { ...switches, ...env } });
}

async function startProcess(kind: ProcessKind, settings: ProcessSettings): Promise<Host> {
  const host = await launchHost(kind, settings);
  await waitUntilListening(host);
  const { port, pid, lines: stdout, line, kill, exitCode } = host;

  function stop(): Promise<number | null> {
    client.close();
    kill('SIGTERM');
    return exitCode;
  }

  const client = createClient(port, checkOf(kind, settings));
  return { ...client, ...identify(kind, port), pid, stdout, line, kill, exitCode, stop };
}

/** Every answer of the suites is held against the published document, but for those that are not ours. */
function checkOf(kind: HostKind, { env = {} }: ProcessSettings): AnswerCheck | undefined {
  // The document is that of the model that is served otherwise.
  if (env.MODEL_DIR !== undefined) return undefined;
  return (method, path, reply) => {
    const isOfFramework = reply.status >= 400 && reply.headers['content-type'] !== 'application/problem+json';
    if (kind === 'functions-framework without takeover' && isOfFramework) return;
    const { findBreach } = require('./openapi/answers') as typeof import('./openapi/answers');
    const breach = findBreach(method, path, reply);
    if (breach !== undefined) throw new Error(breach);
  };
}

function identify(kind: HostKind, port: number) {
  const isFrameworkItself = kind === 'functions-framework without takeover';
  return {
    kind,
    port,
    url: `http://127.0.0.1:${port}`,
    differsIn: (difference: Difference) => isFrameworkItself && Object.hasOwn(differences, difference),
  };
}
