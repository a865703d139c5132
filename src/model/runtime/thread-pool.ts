/** Threads that each run the model in a session of their own, so that long runs keep neither the event loop nor each other waiting. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { codeDirectory } from '../../directory';
import { Problem } from '../../problem';
import type { RunModel } from '../batching/runner';
import { OutputMisfit } from '../tensors/outputs';
import type { TensorData, Tensors } from '../tensors/tensors';
import type { ThreadData, ThreadReply } from './inference-thread';
import { createGate, type Gate, shutGate } from './thread-gate';

// Compiled by the build, whether this runs from `src/` or from `dist/`.
const threadFile = join(codeDirectory, '../dist/model/runtime/inference-thread.js');
/** How long an exit waits for runs: what is left of the 10 s that Cloud Run gives an instance when its drain has taken 9. */
const exitPatienceMs = 800;
const gates = new Set<Gate>();
let isExitWatched = false;

/** What starts all threads alike. */
export type ThreadSettings = Omit<ThreadData, 'gate'>;

export interface Threads {
  /** Runs in the first thread that is idle; `collect` is called once there is one. */
  readonly run: RunModel;
  /** Resolves to the reason when a thread has ended that nobody had told to: the others are of no use from then on. */
  readonly lost: Promise<unknown>;
  /** Ends the threads, each when the run that it is in has been answered. */
  end(): Promise<void>;
}

interface Thread {
  run(inputs: Tensors): Promise<Tensors>;
  readonly lost: Promise<unknown>;
  end(): Promise<void>;
}

/** Starts threads and waits until each has opened its session. Rejects with the first failure, and leaves none behind. */
export async function startThreads(count: number, settings: ThreadSettings): Promise<Threads> {
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startThread(settings)));
  const threads = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const end = async () => void (await Promise.all(threads.map((thread) => thread.end())));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await end();
    throw failed.reason;
  }
  return { run: createRun(threads), lost: Promise.race(threads.map((thread) => thread.lost)), end };
}

function createRun(threads: readonly Thread[]): RunModel {
  const idle = [...threads];
  const waiting: ((thread: Thread) => void)[] = [];

  function free(thread: Thread): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  }

  return async (collect) => {
    const thread = idle.pop() ?? (await new Promise<Thread>((resolve) => waiting.push(resolve)));
    try {
      // All requests of this turn of the event loop share the run.
      await new Promise((resolve) => setImmediate(resolve));
      const inputs = collect();
      return inputs.rows === 0 ? inputs : await thread.run(inputs);
    } finally {
      free(thread);
    }
  };
}

type Settle = (reply: ThreadReply) => void;

async function startThread(settings: ThreadSettings): Promise<Thread> {
  const gate = createGate();
  const worker = new Worker(threadFile, { workerData: { ...settings, gate } satisfies ThreadData });
  watchExit(gate);
  worker.on('exit', () => gates.delete(gate));
  // The process lives as long as its server does.
  worker.unref();
  let settle: Settle | undefined;
  let loss: Error | undefined;
  let running: Promise<unknown> | undefined;

  const reply = () => new Promise<ThreadReply>((resolve) => (settle = resolve));
  const opened = reply();
  const lost = new Promise<unknown>((resolve) => {
    function lose(cause: unknown): void {
      loss ??= toLoss(cause);
      settle?.({ failure: loss });
      resolve(cause);
    }
    worker.on('error', lose);
    worker.on('exit', (code) => lose(new Error(`A thread that runs the model ended with code ${code}.`)));
  });
  worker.on('message', (message: ThreadReply) => settle?.(message));
  const first = await opened;
  if (first.failure !== undefined) throw first.failure;

  async function run(inputs: Tensors): Promise<Tensors> {
    if (loss !== undefined) throw loss;
    const replied = reply();
    running = replied;
    worker.postMessage({ rows: inputs.rows, data: inputs.data.map(toOwn) });
    const { outputs, failure, misfit } = await replied;
    if (misfit !== undefined) throw new OutputMisfit(misfit);
    if (outputs === undefined) throw failure;
    return outputs;
  }

  async function end(): Promise<void> {
    loss ??= toLoss(undefined);
    // Nothing else may be left that keeps the process.
    worker.ref();
    await running;
    await worker.terminate();
  }

  return { run, lost, end };
}

function toLoss(cause: unknown): Problem {
  const detail = 'A thread that ran the model has ended; try again.';
  return new Problem('model-unavailable', detail, { retryAfterSeconds: 1, cause });
}

/** A process ends its threads when it exits, for whatever reason it does. */
function watchExit(gate: Gate): void {
  if (!isExitWatched) process.on('exit', awaitThreads);
  isExitWatched = true;
  gates.add(gate);
}

function awaitThreads(): void {
  const giveUpAt = performance.now() + exitPatienceMs;
  for (const gate of gates) {
    // It would abort, and write a core.
    if (!shutGate(gate, giveUpAt - performance.now())) process.kill(process.pid, 'SIGKILL');
  }
}

/** A message takes the whole memory that a view looks at: a part of a body would take all of it along. */
function toOwn(data: TensorData): TensorData {
  return Array.isArray(data) || data.byteLength === data.buffer.byteLength ? data : data.slice();
}
