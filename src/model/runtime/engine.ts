/** What runs the model: its session in this thread, or sessions in threads of their own where its runs are long. */
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
  /** Intra-op threads of each session. */
  readonly onnxThreads: number;
  /** Threads that run the model, 0 for none but this one; chosen by the model's cost when undefined. */
  readonly inferenceThreads: number | undefined;
  /** How long after a failed load nobody tries again; twice as long after each further failure, up to 30 s. */
  readonly loadRetryMs: number;
}

export interface Engine extends Runner {
  /** Opens the session, or waits for whoever is opening it. A failure is a `model-unavailable` problem, for all who ask until the next try. */
  load(): Promise<void>;
  isLoaded(): boolean;
  /** Threads of their own that run the model. */
  threadCount(): number;
  /** Threads that open their sessions, to run the model from then on. */
  startingThreadCount(): number;
  release(): Promise<void>;
}

/** What the engine is told by and tells the model. */
export interface EngineEvents {
  /** Runs the golden samples and throws when the answers are others. Returns their rows. */
  check(session: Session): Promise<Tensors>;
  loaded(seconds: number): void;
  /** The session could not be opened, or the threads that have taken its place are gone. */
  loadFailed(failure: unknown): void;
  /** Threads could not be started: this one goes on. */
  threadsFailed(failure: unknown): void;
}

/** A run of one row that takes so long is worth the way to another thread and back, which costs about 0.1 ms. */
const longRunMs = 2;
/** What a run takes that is not worth a second look. */
const shortRunMs = 1;

// Late: Node's libraries for threads and memory cost a start milliseconds, and most models are fast.
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
    const detail = `The model could not be loaded; try again in ${retryAfterSeconds} s.`;
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
      // Its memory is the runtime's, which does not know that nobody will use it.
      await opened.release();
      throw failure;
    }
    session = opened;
    events.loaded((performance.now() - startedAt) / 1_000);
    if (count > 0 && !isReleased) moving = moveToThreads(count, opened).catch(events.threadsFailed);
  }

  /** Milliseconds of a run of one row, or of all samples when even that is short. */
  async function measure(opened: Session, samples: Tensors): Promise<number> {
    const allMs = await timeRun(opened, samples);
    rowsPerRun.start(samples.rows, allMs);
    if (allMs < longRunMs) return allMs;
    const row = joinRows(card.inputs, [{ tensors: samples, from: 0, to: 1 }]);
    return Math.min(await timeRun(opened, row), await timeRun(opened, row));
  }

  /** The session of this thread answers until those of the threads are open. */
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
    // What is being opened can be released only afterwards.
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

/** Threads that there is memory for, now that one session is open; `residentBytes` is what the process had before that. */
function countFitting({ weights }: Card, residentBytes: number): number {
  const { countThreads, readMemory } = loadThreadMemory();
  return countThreads(weights.bytes, readMemory(residentBytes));
}
