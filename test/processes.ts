/** Hosts that are processes of their own, run from `dist/` in an environment that inherits next to nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { modelDirectory } from './model-files';

export const projectDirectory = join(__dirname, '..');

export interface ProcessSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A free one when it is not given. */
  readonly port?: number;
  /** Words before the program: one that runs it. */
  readonly through?: readonly string[];
}

export interface HostProcess {
  readonly port: number;
  readonly pid: number;
  /** Lines of standard output and standard error so far. */
  readonly lines: readonly string[];
  /** The first line, past or future, that matches. */
  line(pattern: RegExp): Promise<string>;
  /** Settles when the process and its output have ended. */
  readonly exitCode: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

const node = process.execPath;

/** Program and arguments of each kind of host, relative to the directory of the project. */
const programs = {
  framework: [node, 'node_modules/.bin/functions-framework', '--target=predict'],
  server: [node, 'dist/server.js'],
  'npm start': ['npm', 'start'],
  'npm run start:server': ['npm', 'run', 'start:server'],
} as const;

const running = new Set<ChildProcess>();

// A test that fails before it stops its host must not leave a process behind.
afterAll(() => {
  for (const child of running) endGroup(child);
});

function endGroup(child: ChildProcess): void {
  child.kill('SIGKILL');
  if (child.spawnfile === 'npm' && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
}

/** Starts a host on a free port, without waiting for it. */
export async function spawnHost(program: keyof typeof programs, settings: ProcessSettings = {}): Promise<HostProcess> {
  const { env = {}, cwd = projectDirectory, through = [] } = settings;
  const port = settings.port ?? (await findFreePort());
  // What the shell has set (CI, NODE_ENV, NODE_OPTIONS, our own variables) must not decide what a test sees.
  const { PATH = '', HOME = '' } = process.env;
  const [command = node, ...words] = [...through, ...programs[program]];
  // npm may leave its server behind: in a group of their own, both can be ended.
  const detached = command === 'npm';
  const child = spawn(command, words, {
    cwd,
    env: { PATH, HOME, PORT: String(port), MODEL_DIR: modelDirectory, ...env },
    detached,
  });
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (text) => {
      lines.push(text);
      for (const look of watchers) look();
    });
  }
  running.add(child);
  const exitCode = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });

  function line(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = lines.find((text) => pattern.test(text));
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
      exitCode.then(() => reject(new Error(`No line matches ${pattern}:\n${lines.join('\n')}`)), reject);
    });
  }

  return { port, pid: child.pid ?? 0, lines, line, exitCode, kill: (signal) => child.kill(signal) };
}

/** Waits until the host takes connections; throws what it printed when it exits instead. */
export async function waitUntilListening({ port, exitCode, lines }: HostProcess): Promise<void> {
  const exited = exitCode.then((code) => {
    throw new Error(`The host exited with code ${code}:\n${lines.join('\n')}`);
  });
  const state = { isListening: false };
  await Promise.race([exited, pollPort(port, state)]).finally(() => {
    state.isListening = true;
    exited.catch(() => undefined);
  });
}

async function pollPort(port: number, state: { isListening: boolean }): Promise<void> {
  while (!state.isListening) {
    if (await canConnect(port)) return;
    await delay(10);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/**
 * Below the ports that systems give to connections and to servers without one, and of this worker alone: between this look and a
 * host's own, nobody else takes it.
 */
export async function findFreePort(): Promise<number> {
  do nextPort = (nextPort + 1) % portsOfWorker;
  while (!(await isFree(firstPort + nextPort)));
  return firstPort + nextPort;
}

const portsOfWorker = 1000;
const firstPort = 11_000 + portsOfWorker * (Number(process.env.JEST_WORKER_ID) % 20);
let nextPort = randomInt(portsOfWorker);

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
