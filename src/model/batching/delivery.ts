/** The way of a run's outputs to the callers whose rows were in it, and the end of their jobs. */
import { toError } from '../../problem';
import type { Tensors } from '../tensors/tensors';
import type { FairQueue } from './fair-queue';
import { noteRun } from './job';
import { deliverShare, type Share, type Waiting } from './waiting';

export interface Delivery {
  /** Gives every caller its rows of a run, and ends the jobs that have all of theirs. Does not throw. */
  deliver(shares: readonly Share[], outputs: Tensors, startedAt: number, modelMs: number): void;
  /** Ends a job that has not ended yet, whatever of it has run. Does not throw. */
  end(waiting: Waiting, failure?: Error): void;
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
    const { waiting } = share;
    try {
      noteRun(waiting.job, startedAt, modelMs);
      deliverShare(share, outputs, row);
    } catch (failure) {
      return end(waiting, toError(failure));
    }
    if (waiting.done === waiting.job.rows.rows) end(waiting);
    else queue.recount(waiting);
  }

  function end(waiting: Waiting, failure?: Error): void {
    if (waiting.isOver) return;
    waiting.isOver = true;
    waiting.early = undefined;
    if (failure !== undefined) queue.remove(waiting);
    queue.recount(waiting);
    try {
      waiting.job.end(failure);
    } catch (fault) {
      faulted(fault);
    }
  }

  return { deliver, end };
}
