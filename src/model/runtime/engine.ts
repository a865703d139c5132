/** Runs the model: in a session of this thread, or in a pool of threads when its runs are long. */
import { Problem } from '../../problem';
import type { Runner } from '../batching/runner';
import type { Card } from '../card/card';
import { joinRows, type Tensors } from '../tensors/tensors';
import { createBackOff } from './back-off';
import { createRowsPerRun } from './rows-per-run';
import { openSession, type Session, type SessionOptions } from './session';
import type { Threads } from './thread-pool';

export interface EngineOptions {
  readonly modelDirectory: string;
  /** Intra-op threads per session. */
  readonly onnxThreads: number;
  /** Threads in the pool; 0 runs the model in this thread, undefined decides by the model's cost. */
  readonly inferenceThreads: number | undefined;
  /** Wait after a failed load; doubles with each further failure, up to 30 s. */
  readonly loadRetryMs: number;
}

export interface Engine extends Runner {
  /** Opens the session, or joins the load in progress. Rejects with `model-unavailable`, without a new attempt until the back-off ends. */
  load(): Promise<void>;
  isLoaded(): boolean;
  /** Threads in the pool; 0 while the model runs in this thread. */
  threadCount(): number;
  /** Threads that are opening their sessions. */
  startingThreadCount(): number;
  release(): Promise<void>;
}

export interface EngineEvents {
  /** Runs the golden samples and returns their rows. Throws when the model must not be served. */
  check(session: Session): Promise<Tensors>;
  loaded(seconds: number): void;
  /** The session could not be opened, or a thread of the pool was lost. */
  loadFailed(failure: unknown): void;
  /** The pool could not be started: the model stays in this thread. */
  threadsFailed(failure: unknown): void;
}

/** A one-row run this long is worth the trip to another thread, which costs about 0.1 ms. */
const longRunMs = 2;
/** A model whose samples run faster than this is not measured again. */
const shortRunMs = 1;

// Loaded on demand: Node's thread and memory modules cost milliseconds at start, and most models are fast.
const loadThreadPool = () => require('./thread-pool') as typeof import('./thread-pool');
const loadThreadMemory = () => require('./thread-memory') as typeof import('./thread-memory');

export function createEngine(card: Card, options: EngineOptions, events: EngineEvents): Engine {
  const sessionOptions: SessionOptions = { threads: options.onnxThreads };
  const rowsPerRun = createRowsPerRun();
  const backOff = createBackOff(options.loadRetryMs);
  let session: Session | undefined;
  let threads: Threads | undefined;
  let threadCount = 0;
  let startingThreadCount = 0;
  let loading: Promise<void> | undefined;
  let moving: Promise<void> | undefined;
  let lastRun: Promise<unknown> | undefined;
  let isReleased = false;

  function load(): Promise<void> {
    if (loading === undefined && backOff.leftMs() > 0) return Promise.reject(unavailable());
    loading ??= open().then(backOff.succeeded, (failure: unknown) => {
      loading = undefined;
      backOff.failed();
      events.loadFailed(failure);
      throw unavailable(failure);
    });
    return loading;
  }

  function unavailable(cause?: unknown): Problem {
    const retryAfterSeconds = Math.max(1, Math.ceil(backOff.leftMs() / 1_000));
    const detail = `The model could not be loaded. Retry in ${retryAfterSeconds} s.`;
    return new Problem('model-unavailable', detail, { retryAfterSeconds, cause });
  }

  async function open(): Promise<void> {
    const startedAt = performance.now();
    const residentBytes = process.memoryUsage.rss();
    const opened = await openSession(options.modelDirectory, card, sessionOptions);
    let count: number;
    try {
      const firstAt = performance.now();
      const samples = await events.check(opened);
      const checkMs = performance.now() - firstAt;
      const rowMs = checkMs < shortRunMs ? 0 : await measure(opened, samples);
      count = options.inferenceThreads ?? (rowMs < longRunMs ? 0 : countFitting(card, residentBytes));
    } catch (failure) {
      // The session lives in native memory, which the garbage collector does not free.
      await opened.release();
      throw failure;
    }
    session = opened;
    events.loaded((performance.now() - startedAt) / 1_000);
    if (count > 0 && !isReleased) moving = moveToThreads(count, opened).catch(events.threadsFailed);
  }

  /** Milliseconds of a one-row run, or of all samples when even those are fast. */
  async function measure(opened: Session, samples: Tensors): Promise<number> {
    const allMs = await timeRun(opened, samples);
    rowsPerRun.start(samples.rows, allMs);
    if (allMs < longRunMs) return allMs;
    const row = joinRows(card.inputs, [{ tensors: samples, from: 0, to: 1 }]);
    return Math.min(await timeRun(opened, row), await timeRun(opened, row));
  }

  /** This thread's session answers until the pool's sessions are open. */
  async function moveToThreads(count: number, opened: Session): Promise<void> {
    const { startThreads } = loadThreadPool();
    const data = { directory: options.modelDirectory, card, options: sessionOptions };
    startingThreadCount = count;
    const started = await startThreads(count, data).finally(() => {
      startingThreadCount = 0;
    });
    [threads, threadCount, session] = [started, count, undefined];
    void watch(started);
    await lastRun?.catch(() => undefined);
    await opened.release();
  }

  async function watch(started: Threads): Promise<void> {
    const loss = await started.lost;
    if (isReleased) return;
    [threads, threadCount, loading] = [undefined, 0, undefined];
    events.loadFailed(loss);
    await started.end();
  }

  function run(collect: () => Tensors): Promise<Tensors> {
    if (threads !== undefined) return threads.run(collect);
    if (session === undefined) return load().then(() => run(collect));
    const running = session.run(collect);
    lastRun = running;
    return running;
  }

  async function release(): Promise<void> {
    isReleased = true;
    // A session can be released only once it is open.
    await loading?.catch(() => undefined);
    await moving;
    await lastRun?.catch(() => undefined);
    await Promise.all([threads?.end(), session?.release()]);
  }

  return {
    load,
    isLoaded: () => session !== undefined || threads !== undefined,
    run,
    rowsPerRun: rowsPerRun.current,
    ran: rowsPerRun.ran,
    parallelRuns: () => Math.max(1, threadCount),
    threadCount: () => threadCount,
    startingThreadCount: () => startingThreadCount,
    release,
  };
}

async function timeRun({ run }: Session, rows: Tensors): Promise<number> {
  const startedAt = performance.now();
  await run(() => rows);
  return performance.now() - startedAt;
}

/** Threads that fit into memory beside the open session; `residentBytes` is the process size before it was opened. */
function countFitting({ weights }: Card, residentBytes: number): number {
  const { countThreads, readMemory } = loadThreadMemory();
  const { bytes, files = [] } = weights;
  const allBytes = files.reduce((sum, file) => sum + file.bytes, bytes);
  return countThreads(allBytes, readMemory(residentBytes));
}
