/** Threads that each run the model in a session of their own, so that long runs keep neither the event loop nor each other waiting. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../problem';
import type { RunModel } from './batcher';
import { OutputMisfit } from './outputs';
import type { TensorData, Tensors } from './tensors';
import type { ThreadData, ThreadReply } from './thread';

// Compiled by the build, whether this runs from `src/` or from `dist/`.
const threadFile = join(__dirname, '../../dist/model/thread.js');

export interface Threads {
  /** Runs in the first thread that is idle; `collect` is called once there is one. */
  readonly run: RunModel;
  /** Resolves to the reason when a thread has ended that nobody had told to: the others are of no use from then on. */
  readonly lost: Promise<unknown>;
  end(): Promise<void>;
}

interface Thread {
  run(inputs: Tensors): Promise<Tensors>;
  readonly lost: Promise<unknown>;
  end(): Promise<unknown>;
}

/** Starts threads and waits until each has opened its session. Rejects with the first failure, and leaves none behind. */
export async function startThreads(count: number, data: ThreadData): Promise<Threads> {
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startThread(data)));
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

async function startThread(data: ThreadData): Promise<Thread> {
  const worker = new Worker(threadFile, { workerData: data });
  // The process lives as long as its server does.
  worker.unref();
  let settle: Settle | undefined;
  let loss: Error | undefined;

  const reply = () => new Promise<ThreadReply>((resolve) => (settle = resolve));
  const opened = reply();
  const lost = new Promise<unknown>((resolve) => {
    function lose(cause: unknown): void {
      loss ??= new Problem('model-unavailable', 'A thread that ran the model has ended; try again.', {
        headers: ['retry-after', '1'],
        cause,
      });
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
    worker.postMessage({ rows: inputs.rows, data: inputs.data.map(toOwn) });
    const { outputs, failure, misfit } = await replied;
    if (misfit !== undefined) throw new OutputMisfit(misfit);
    if (outputs === undefined) throw failure;
    return outputs;
  }

  return { run, lost, end: () => worker.terminate() };
}

/** A message takes the whole memory that a view looks at: a part of a body would take all of it along. */
function toOwn(data: TensorData): TensorData {
  return Array.isArray(data) || data.byteLength === data.buffer.byteLength ? data : data.slice();
}
