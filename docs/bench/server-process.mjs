/** Starts a contender, times it to its first prediction, and stops it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestOf, requireRightAnswer } from './bodies.mjs';
import { collect, spawnChild } from './children.mjs';
import { post } from './client.mjs';
import { root } from './contenders.mjs';
import { killTree } from './process-tree.mjs';

const retryMs = 2;
const deadlineMs = 120_000;

/**
 * @returns {Promise<{ port: number, pid: number, coldStartSeconds: number, exited: Promise<[number | null, string | null]>, stop: () => Promise<void> }>}
 *   a server that has given one right answer; `coldStartSeconds` runs from spawn to that answer
 */
export async function startServer(contender, { onServerCore }) {
  const port = await freePort();
  const { CI, ...inherited } = process.env;
  const env = { ...inherited, ...contender.env, PORT: String(port), ORT_DISABLE_TELEMETRY: '1' };
  const startedAt = performance.now();
  const cwd = contender.directory ?? root;
  const child = spawnChild(onServerCore(contender.command), { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const errors = collect(child.stderr);
  const exited = once(child, 'exit');
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (!hasExited()) killTree(child.pid);
    await exited;
  };

  try {
    const answer = await firstAnswer(port, requestOf(contender, 1), hasExited);
    const coldStartSeconds = (performance.now() - startedAt) / 1_000;
    requireRightAnswer(contender, 1, answer);
    return { port, pid: child.pid, coldStartSeconds, exited, stop };
  } catch (cause) {
    await stop();
    throw new Error(`${contender.id} did not start: ${cause.message}\n${errors.text().trim().slice(-2_000)}`, {
      cause,
    });
  }
}

/** Runs the work with a started server and stops it, whatever happens. */
export async function withServer(contender, cores, work) {
  const server = await startServer(contender, cores);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

// The first request that gets through is a prediction: a health check before it would warm the server up.
async function firstAnswer(port, { path, body }, hasExited) {
  const giveUpAt = performance.now() + deadlineMs;
  while (!hasExited() && performance.now() < giveUpAt) {
    const answer = await post(port, body, false, path).catch(() => undefined);
    if (answer?.status === 200) return answer.body;
    await sleep(retryMs);
  }
  throw new Error(hasExited() ? 'its process ended' : `no prediction within ${deadlineMs} ms`);
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
