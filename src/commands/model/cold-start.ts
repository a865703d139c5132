/** Starts the server with a model, times its first prediction, and measures its memory while it serves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSamples } from '../../model/acceptance/golden-samples';
import { findFreePort, firstAnswer, postPrediction } from '../first-answer';

const server = join(__dirname, '../../server.js');
const pollMs = 20;
const timeoutMs = 120_000;
const mostStarts = 5;
/** Predictions after which the runtime has allocated what it needs. */
const servedRequests = 20;
const rowsPerRequest = 8;
/** As every deploy has it. Without it, glibc keeps what a model needs only while it loads. */
const allocator = { MALLOC_MMAP_THRESHOLD_: '131072' };

export interface ColdStarts {
  readonly seconds: readonly number[];
  /** Measured at the last start. */
  readonly memory: ServedMemory;
  /** Without inference threads, which start only where they fit; undefined when there were none. */
  readonly memoryAlone: ServedMemory | undefined;
  /** The answer to the first sample, as text. */
  readonly answer: string;
}

/** The memory and threads of a process that serves the model. */
export interface ServedMemory {
  /** Resident size, after all inference threads have started and some requests are answered. */
  readonly megabytes: number;
  /** Peak resident size, on Linux only: a model takes more while it loads. */
  readonly peakMegabytes: number | undefined;
  readonly threads: number;
}

/** Starts a few times within the patience, and at least once; memory is measured at the first start. */
export async function measureColdStarts(directory: string, patienceMs: number): Promise<ColdStarts> {
  const [sample] = readSamples(directory);
  const start = (env: object, measuresMs?: number) =>
    startOnce({ directory, instance: sample?.instance, env, measuresMs });
  const first = await start({}, patienceMs);
  const seconds = [first.seconds];
  const count = Math.min(mostStarts, Math.floor(patienceMs / 1_000 / first.seconds));
  while (seconds.length < count) seconds.push((await start({})).seconds);
  const memory = first.memory as ServedMemory;
  const alone = memory.threads === 0 ? undefined : await start({ INFERENCE_THREADS: '0' }, patienceMs);
  return { seconds, memory, memoryAlone: alone?.memory, answer: first.answer };
}

interface Starting {
  readonly directory: string;
  readonly instance: unknown;
  readonly env: object;
  /** Memory is measured after so many milliseconds of requests at most; undefined measures none. */
  readonly measuresMs: number | undefined;
}

interface Started {
  readonly seconds: number;
  readonly answer: string;
  readonly memory: ServedMemory | undefined;
}

async function startOnce({ directory, instance, env, measuresMs }: Starting): Promise<Started> {
  const port = await findFreePort();
  const startedAt = performance.now();
  const own = { MODEL_DIR: directory, PORT: String(port), LOG_REQUESTS: 'none' };
  const child = spawn(process.execPath, [server], {
    env: { ...process.env, ...allocator, ...own, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    const answer = await firstAnswer(child, base, JSON.stringify({ instances: [instance] }), timeoutMs);
    const seconds = (performance.now() - startedAt) / 1_000;
    const memory = measuresMs === undefined ? undefined : await measureMemory(child, base, instance, measuresMs);
    return { seconds, answer, memory };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function measureMemory(
  { pid }: ChildProcess,
  base: string,
  instance: unknown,
  ms: number,
): Promise<ServedMemory> {
  const deadline = performance.now() + timeoutMs;
  while ((await readMetric(base, 'predict_inference_threads_starting')) > 0 && performance.now() < deadline)
    await sleep(pollMs);
  const body = JSON.stringify({ instances: Array.from({ length: rowsPerRequest }, () => instance) });
  const enoughAt = performance.now() + ms;
  for (let i = 0; i < servedRequests && performance.now() < enoughAt; i++)
    await (await postPrediction(base, body)).arrayBuffer();
  return {
    megabytes: toMegabytes(await readMetric(base, 'process_resident_memory_bytes')),
    peakMegabytes: readPeak(pid as number),
    threads: await readMetric(base, 'predict_inference_threads'),
  };
}

async function readMetric(base: string, name: string): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Linux records the peak resident size of each process. */
function readPeak(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kibibytes === undefined ? undefined : toMegabytes(Number(kibibytes) * 1024);
}

const toMegabytes = (bytes: number) => Math.round(bytes / 1e6);
