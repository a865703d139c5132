/**
 * What threads of their own do for a slow model: throughput, latency, and how long health waits beside it.
 *
 *     npm run bench -- threads [seconds]
 *
 * The model is `test/fixtures/models/slow`, which takes some milliseconds for each row.
 */
import { once } from 'node:events';
import { Agent } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readNumbers, runCommand } from '../../src/commands/command-line.cjs';
import { spawnChild } from './children.mjs';
import { get, post } from './client.mjs';
import { root } from './contenders.mjs';
import { residentBytes } from './memory.mjs';
import { freePort } from './server-process.mjs';

const [seconds] = await runCommand(() => readNumbers(process.argv.slice(2), { seconds: 5 }));
const pauseMs = 5;
const settings = [...new Set(['0', '1', String(availableParallelism())])];
const loads = [
  { load: '8 callers, 1 row each', callers: 8, rows: 1 },
  { load: '1 caller, 64 rows', callers: 1, rows: 64 },
];

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1];

async function timed(call) {
  const startedAt = performance.now();
  const { status } = await call();
  if (status !== 200) throw new Error(`Answered ${status}.`);
  return performance.now() - startedAt;
}

async function startSlow(threads) {
  const port = await freePort();
  const env = { MODEL_DIR: join(root, 'test/fixtures/models/slow'), INFERENCE_THREADS: threads, LOG_REQUESTS: 'none' };
  const options = { cwd: root, env: { ...process.env, ...env, PORT: String(port) }, stdio: 'ignore' };
  const child = spawnChild([process.execPath, 'dist/server.js'], options);
  while (!(await areRunning(port, threads))) await sleep(pauseMs);
  return { port, pid: child.pid, stop: () => child.kill('SIGKILL') && once(child, 'exit') };
}

/** Whether the model is loaded, and so many threads have taken it over. */
async function areRunning(port, threads) {
  try {
    await get(port, '/v2/health/ready');
    const { body } = await get(port, '/metrics');
    return new RegExp(`^predict_inference_threads\\S* ${threads}$`, 'm').test(body.toString());
  } catch {
    return false;
  }
}

async function measure({ port, pid }, { load, callers, rows }) {
  const agent = new Agent({ keepAlive: true });
  const body = Buffer.from(JSON.stringify({ instances: Array.from({ length: rows }, (_, i) => [i / rows]) }));
  const until = performance.now() + seconds * 1_000;
  const waits = [];
  const probes = [];
  const ask = async () => {
    while (performance.now() < until) waits.push(await timed(() => post(port, body, agent)));
  };
  const probe = async () => {
    for (; performance.now() < until; await sleep(pauseMs))
      probes.push(await timed(() => get(port, '/v2/health/live')));
  };
  await Promise.all([probe(), ...Array.from({ length: callers }, ask)]);
  agent.destroy();
  const round = (value) => Number(value.toFixed(1));
  return {
    load,
    'rows/s': Math.round((waits.length * rows) / seconds),
    'p50 ms': round(quantile(waits, 0.5)),
    'p99 ms': round(quantile(waits, 0.99)),
    'health p50 ms': round(quantile(probes, 0.5)),
    'health p99 ms': round(quantile(probes, 0.99)),
    'memory MB': Math.round(residentBytes(pid) / 1e6),
  };
}

const results = [];
for (const threads of settings) {
  const server = await startSlow(threads);
  for (const load of loads) results.push({ INFERENCE_THREADS: threads, ...(await measure(server, load)) });
  await server.stop();
}
console.table(results);
