/** Joins the rows of all requests that arrived in one turn of the event loop into one model run. */
import { Problem, toError } from '../../problem';
import { OutputMisfit } from '../tensors/outputs';
import { joinRows, type TensorSpec, type Tensors } from '../tensors/tensors';
import { createDelivery } from './delivery';
import { createFairQueue, type QueueLimits } from './fair-queue';
import { type Job, noteQueued } from './job';
import { createWaiting, type Share, type Waiting } from './waiting';

export interface BatchLimits extends QueueLimits {
  /** How long a job may wait and run before it is given up: its rows do not run any more. */
  readonly requestTimeoutMs: number;
}

/** What runs the model. What it takes at a time may change with what is learned of the model. */
export interface Runner {
  readonly run: RunModel;
  /** Rows from which on a run would take too long. */
  rowsPerRun(): number;
  /** Runs that it does at the same time. */
  parallelRuns(): number;
  /** Told of a run that succeeded. */
  ran(rows: number, ms: number): void;
}

/** Who is told of what a batcher does. */
export interface BatchObserver {
  /** Told of every run that succeeded, after its callers have their results. What it throws costs nobody an answer. */
  ran?(inputs: Tensors, outputs: Tensors, seconds: number): void;
  /** Told of what was thrown where nobody waits for it: by `ran` or the end of a job. Does not throw. */
  faulted(failure: unknown): void;
}

/**
 * Runs the model once, on the rows that `collect` gives.
 *
 * It calls `collect` when a turn of the event loop has delivered all its requests and the run is about to begin, or
 * never when it fails before. Without rows there is nothing to run, and any outputs will do.
 */
export type RunModel = (collect: () => Tensors) => Promise<Tensors>;

/**
 * Every job that is taken ends once, whatever is thrown on its way, and then counts no more:
 * `submit` adds it to the queue, a run takes shares of it from there, and the delivery ends it.
 */
export function createBatcher(
  specs: readonly TensorSpec[],
  runner: Runner,
  limits: BatchLimits,
  observer: BatchObserver,
) {
  const { maxBatchRows, requestTimeoutMs } = limits;
  const queue = createFairQueue(limits, () => Math.min(maxBatchRows, runner.rowsPerRun()));
  const { deliver, end } = createDelivery(queue, observer.faulted);
  let runs = 0;
  /** Whether a run has yet to collect: what is queued until then is its. */
  let isCollecting = false;

  /** Queues a job, or throws the problem `overloaded`. */
  function submit(job: Job): void {
    queue.checkRoom(job.rows.rows);
    const queuedAt = performance.now();
    noteQueued(job, queuedAt);
    queue.add(createWaiting(job, queuedAt + requestTimeoutMs));
    startRun();
  }

  function startRun(): void {
    if (isCollecting || runs >= runner.parallelRuns() || queue.isEmpty()) return;
    isCollecting = true;
    runs++;
    void run(takeShares).catch(observer.faulted).then(finishRun);
  }

  // Each run collects in a later turn, so requests are read and health is answered between two of them.
  function finishRun(): void {
    runs--;
    startRun();
  }

  function takeShares(): Share[] {
    isCollecting = false;
    const unwanted: [waiting: Waiting, reason: Error][] = [];
    const now = performance.now();
    const shares = queue.take((waiting) => {
      const reason = findEnding(waiting, now);
      if (reason !== undefined) unwanted.push([waiting, reason]);
      return reason === undefined;
    });
    // Whoever is told may come back with other rows: the queue is in order again by now.
    for (const [waiting, reason] of unwanted) end(waiting, reason);
    startRun();
    return shares;
  }

  /** Why rows of a job are not to run any more, if they are not. */
  function findEnding({ job, expiresAt }: Waiting, now: number): Error | undefined {
    try {
      if (job.isGone()) return new Problem('caller-gone', 'Nobody waits for these rows any more.');
    } catch (failure) {
      return toError(failure);
    }
    if (expiresAt >= now) return undefined;
    const detail = `The rows did not run within ${requestTimeoutMs} ms.`;
    return new Problem('deadline-exceeded', detail, { retryAfterSeconds: 1 });
  }

  async function run(take: () => readonly Share[]): Promise<void> {
    let shares: readonly Share[] | undefined;
    let inputs: Tensors | undefined;
    let outputs: Tensors;
    let startedAt = 0;
    try {
      outputs = await runner.run(() => {
        shares = take();
        startedAt = performance.now();
        inputs = joinShares(specs, shares);
        return inputs;
      });
    } catch (failure) {
      return fail(shares ?? take(), toError(failure));
    }
    if (shares === undefined || inputs === undefined)
      return fail(take(), new Error('The model ran before its rows were collected.'));
    const modelMs = performance.now() - startedAt;
    deliver(shares, outputs, startedAt, modelMs);
    if (inputs.rows > 0) tellOfRun(inputs, outputs, modelMs);
  }

  function tellOfRun(inputs: Tensors, outputs: Tensors, modelMs: number): void {
    try {
      runner.ran(inputs.rows, modelMs);
      observer.ran?.(inputs, outputs, modelMs / 1_000);
    } catch (failure) {
      observer.faulted(failure);
    }
  }

  // One caller's rows may be what the model stumbles over: alone, each gets its own result or its own failure.
  async function fail(shares: readonly Share[], failure: Error): Promise<void> {
    if (shares.length === 1 || failure instanceof Problem || failure instanceof OutputMisfit) {
      for (const { waiting } of shares) end(waiting, failure);
      return;
    }
    for (const share of shares) {
      const { waiting } = share;
      if (waiting.isOver) continue;
      const reason = findEnding(waiting, performance.now());
      if (reason === undefined) await run(() => [share]);
      else end(waiting, reason);
    }
  }

  return { submit, checkRoom: queue.checkRoom, queuedRows: queue.queuedRows };
}

function joinShares(specs: readonly TensorSpec[], shares: readonly Share[]): Tensors {
  const spans = shares.map(({ waiting, from, to }) => ({ tensors: waiting.job.rows, from, to }));
  return joinRows(specs, spans);
}
