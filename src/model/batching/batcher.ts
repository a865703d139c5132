/** Joins the rows of concurrent requests into one model run. */
import { bytesInMemory, leastBytesOfRow } from '../tensors/memory';
import type { TensorSpec } from '../tensors/tensors';
import { type BatchObserver, createBatchRun } from './batch-run';
import { createDelivery } from './delivery';
import { createFairQueue, type QueueLimits } from './fair-queue';
import { type Job, noteQueued } from './job';
import { createQueuedJob, findReasonToEnd, type QueuedJob, type Share } from './queued-job';
import type { Runner } from './runner';

export interface BatchLimits extends QueueLimits {
  /** Rows that have not run this long after their job was queued never run. */
  readonly requestTimeoutMs: number;
}

/**
 * Jobs are queued here, run by `batch-run.ts` and ended by `delivery.ts`. Invariants:
 *
 * - Every accepted job ends exactly once, whatever is thrown, and then no longer counts.
 * - At most `parallelRuns()` runs are active, and at most one of them has not collected its rows yet: it takes
 *   whatever is queued by then.
 * - Each run collects in a later turn of the event loop, so requests and health checks are handled between two runs.
 * - The queue is consistent before a job's end is reported, because the caller may submit again from there.
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
  const bytesOfRow = leastBytesOfRow(specs);
  const run = createBatchRun(specs, runner, delivery, observer);
  let runs = 0;
  let isCollecting = false;

  /** Queues a job. Throws `overloaded` when there is no room. */
  function submit(job: Job): void {
    const bytes = bytesInMemory(job.rows);
    queue.checkRoom(job.rows.rows, bytes);
    const queuedAt = performance.now();
    noteQueued(job, queuedAt);
    queue.add(createQueuedJob(job, bytes, queuedAt, timeoutOf(job, queuedAt)));
    startRun();
  }

  /** Throws `overloaded` when there is no room for so many rows, before their tensors are made. */
  function checkRoom(rows: number): void {
    queue.checkRoom(rows, rows * bytesOfRow);
  }

  function timeoutOf({ expiresAt }: Job, queuedAt: number): number {
    if (expiresAt === undefined) return requestTimeoutMs;
    return Math.max(0, Math.min(requestTimeoutMs, Math.ceil(expiresAt - queuedAt)));
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

  return { submit, checkRoom, queuedRows: queue.queuedRows };
}
