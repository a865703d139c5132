/** The way of a run's outputs to the callers whose rows were in it, and the end of their jobs. */
import { toError } from '../../problem';
import type { Tensors } from '../tensors/tensors';
import type { FairQueue } from './fair-queue';
import { noteRun } from './job';
import { deliverShare, type QueuedJob, type Share } from './queued-job';

export interface Delivery {
  /** Gives every caller its rows of a run, and ends the jobs that have all of theirs. Does not throw. */
  deliver(shares: readonly Share[], outputs: Tensors, startedAt: number, modelMs: number): void;
  /** Ends a job that has not ended yet, whatever of it has run. Does not throw. */
  end(queued: QueuedJob, failure?: Error): void;
}

/** What a caller's `accept` throws ends that caller's job; what its `end` throws is told to `faulted`. Others go on. */
export function createDelivery(queue: FairQueue, faulted: (failure: unknown) => void): Delivery {
  function deliver(shares: readonly Share[], outputs: Tensors, startedAt: number, modelMs: number): void {
    let row = 0;
    for (const share of shares) {
      deliverOne(share, outputs, row, startedAt, modelMs);
      row += share.to - share.from;
    }
  }

  function deliverOne(share: Share, outputs: Tensors, row: number, startedAt: number, modelMs: number): void {
    const { queued } = share;
    try {
      noteRun(queued.job, startedAt, modelMs);
      deliverShare(share, outputs, row);
    } catch (failure) {
      return end(queued, toError(failure));
    }
    if (queued.done === queued.job.rows.rows) end(queued);
    else queue.recount(queued);
  }

  function end(queued: QueuedJob, failure?: Error): void {
    if (queued.isOver) return;
    queued.isOver = true;
    queued.early = undefined;
    if (failure !== undefined) queue.remove(queued);
    queue.recount(queued);
    try {
      queued.job.end(failure);
    } catch (fault) {
      faulted(fault);
    }
  }

  return { deliver, end };
}
