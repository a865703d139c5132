/** Joins the rows of all requests that arrived in one turn of the event loop into one model run. */
import type { TensorSpec } from '../tensors/tensors';
import { type BatchObserver, createBatchRun } from './batch-run';
import { createDelivery } from './delivery';
import { createFairQueue, type QueueLimits } from './fair-queue';
import { type Job, noteQueued } from './job';
import { createQueuedJob, findReasonToEnd, type QueuedJob, type Share } from './queued-job';
import type { Runner } from './runner';

export interface BatchLimits extends QueueLimits {
  /** How long a job may wait and run before it is given up: its rows do not run any more. */
  readonly requestTimeoutMs: number;
}

/**
 * Jobs are queued here, run by `batch-run.ts` and ended by `delivery.ts`. What holds:
 *
 * - Every job that is taken ends once, whatever is thrown on its way, and then counts no more.
 * - As many runs are in work as the runner does at the same time, and of those one at most has yet to collect its rows:
 *   what is queued until then is its.
 * - Each run collects in a later turn of the event loop, so requests are read and health is answered between two of them.
 * - Callers are told of an end only when the queue is in order again: they may come back with other rows.
 */
export function createBatcher(
  specs: readonly TensorSpec[],
  runner: Runner,
  limits: BatchLimits,
  observer: BatchObserver,
) {
  const { maxBatchRows, requestTimeoutMs } = limits;
  const queue = createFairQueue(limits, () => Math.min(maxBatchRows, runner.rowsPerRun()));
  const delivery = createDelivery(queue, observer.faulted);
  const run = createBatchRun(specs, runner, delivery, observer);
  let runs = 0;
  let isCollecting = false;

  /** Queues a job, or throws the problem `overloaded`. */
  function submit(job: Job): void {
    queue.checkRoom(job.rows.rows);
    const queuedAt = performance.now();
    noteQueued(job, queuedAt);
    queue.add(createQueuedJob(job, queuedAt, requestTimeoutMs));
    startRun();
  }

  function startRun(): void {
    if (isCollecting || runs >= runner.parallelRuns() || queue.isEmpty()) return;
    isCollecting = true;
    runs++;
    void run(takeShares).catch(observer.faulted).then(finishRun);
  }

  function finishRun(): void {
    runs--;
    startRun();
  }

  function takeShares(): Share[] {
    isCollecting = false;
    const unwanted: [queued: QueuedJob, reason: Error][] = [];
    const now = performance.now();
    const shares = queue.take((queued) => {
      const reason = findReasonToEnd(queued, now);
      if (reason !== undefined) unwanted.push([queued, reason]);
      return reason === undefined;
    });
    for (const [queued, reason] of unwanted) delivery.end(queued, reason);
    startRun();
    return shares;
  }

  return { submit, checkRoom: queue.checkRoom, queuedRows: queue.queuedRows };
}
