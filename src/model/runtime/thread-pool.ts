/** A pool of threads, each with its own session, so that long runs block neither the event loop nor each other. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { codeDirectory } from '../../directory';
import { Problem } from '../../problem';
import type { RunModel } from '../batching/runner';
import { OutputMisfit } from '../tensors/outputs';
import { type Elements, isRowTensors, type TensorData, type Tensors } from '../tensors/tensors';
import type { ThreadData, ThreadReply } from './inference-thread';
import { createGate, type Gate, shutGate } from './thread-gate';

// Compiled by the build, whether this runs from `src/` or from `dist/`.
const threadFile = join(codeDirectory, '../dist/model/runtime/inference-thread.js');
/** How long an exit waits for runs: Cloud Run allows an instance 10 s, of which draining takes up to 9. */
const exitPatienceMs = 800;
const gates = new Set<Gate>();
let isExitWatched = false;

type ThreadSettings = Omit<ThreadData, 'gate'>;

export interface Threads {
  /** Runs in the first idle thread; `collect` is called once there is one. */
  readonly run: RunModel;
  /** Resolves to the reason when a thread ends unexpectedly: the pool is unusable from then on. */
  readonly lost: Promise<unknown>;
  /** Ends each thread after its current run. */
  end(): Promise<void>;
}

type Thread = Awaited<ReturnType<typeof startThread>>;

/** Starts threads and waits until all sessions are open. Rejects with the first failure, and leaves no thread behind. */
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
      // Requests of the same event-loop turn share the run.
      await new Promise((resolve) => setImmediate(resolve));
      const inputs = collect();
      return inputs.rows === 0 ? inputs : await thread.run(inputs);
    } finally {
      free(thread);
    }
  };
}

type Settle = (reply: ThreadReply) => void;

async function startThread(settings: ThreadSettings) {
  const gate = createGate();
  const worker = new Worker(threadFile, { workerData: { ...settings, gate } satisfies ThreadData });
  watchExit(gate);
  worker.on('exit', () => gates.delete(gate));
  // The server keeps the process alive, not its threads.
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
    const { outputs, failure, misfit, unfit } = await replied;
    if (misfit !== undefined) throw new OutputMisfit(misfit);
    if (unfit !== undefined) throw new Problem('invalid-input', unfit);
    if (outputs === undefined) throw failure;
    return outputs;
  }

  async function end(): Promise<void> {
    loss ??= toLoss(undefined);
    // Keeps the process alive until the thread has ended.
    worker.ref();
    await running;
    await worker.terminate();
  }

  return { run, lost, end };
}

function toLoss(cause: unknown): Problem {
  const detail = 'The thread that ran the model has ended. Retry in 1 s.';
  return new Problem('model-unavailable', detail, { retryAfterSeconds: 1, cause });
}

/** Whatever ends the process ends its threads. */
function watchExit(gate: Gate): void {
  if (!isExitWatched) process.on('exit', awaitThreads);
  isExitWatched = true;
  gates.add(gate);
}

function awaitThreads(): void {
  const giveUpAt = performance.now() + exitPatienceMs;
  for (const gate of gates) {
    // A thread inside native code would abort the process and dump core.
    if (!shutGate(gate, giveUpAt - performance.now())) process.kill(process.pid, 'SIGKILL');
  }
}

/** A message clones the whole buffer of a view: a part of a body would bring all of the body along. */
function toOwn(data: TensorData): TensorData {
  if (isRowTensors(data)) return data.map((row) => ({ ...row, data: toOwn(row.data) as Elements }));
  return Array.isArray(data) || data.byteLength === data.buffer.byteLength ? data : (data as Float32Array).slice();
}
