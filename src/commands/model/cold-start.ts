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
/** Predictions after which the runtime has allocated what it needs. */
const servedRequests = 20;
const rowsPerRequest = 8;

export interface ColdStarts {
  readonly seconds: readonly number[];
  /** Measured at the last start. */
  readonly memory: ServedMemory;
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

export async function measureColdStarts(directory: string, count: number): Promise<ColdStarts> {
  const [sample] = readSamples(directory);
  const body = JSON.stringify({ instances: [sample?.instance] });
  const seconds: number[] = [];
  let memory: ServedMemory = { megabytes: Number.NaN, peakMegabytes: undefined, threads: 0 };
  let answer = '';
  for (let i = 0; i < count; i++) {
    const port = await findFreePort();
    const startedAt = performance.now();
    const env = { ...process.env, MODEL_DIR: directory, PORT: String(port), LOG_REQUESTS: 'none' };
    const child = spawn(process.execPath, [server], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const base = `http://127.0.0.1:${port}`;
      answer = await firstAnswer(child, base, body, timeoutMs);
      seconds.push((performance.now() - startedAt) / 1_000);
      if (i === count - 1) memory = await measureMemory(child, base, sample?.instance);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  return { seconds, memory, answer };
}

async function measureMemory({ pid }: ChildProcess, base: string, instance: unknown): Promise<ServedMemory> {
  const deadline = performance.now() + timeoutMs;
  while ((await readMetric(base, 'predict_inference_threads_starting')) > 0 && performance.now() < deadline)
    await sleep(pollMs);
  const body = JSON.stringify({ instances: Array.from({ length: rowsPerRequest }, () => instance) });
  for (let i = 0; i < servedRequests; i++) await (await postPrediction(base, body)).arrayBuffer();
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
