/** Delivers the outputs of a run to its callers, and ends their jobs. */
import { toError } from '../../problem';
import type { Tensors } from '../tensors/tensors';
import type { FairQueue } from './fair-queue';
import { noteRun } from './job';
import { deliverShare, type QueuedJob, type Share } from './queued-job';

export type Delivery = ReturnType<typeof createDelivery>;

/** An error from a caller's `accept` ends that job; one from its `end` goes to `faulted`. Other jobs go on. */
export function createDelivery(queue: FairQueue, faulted: (failure: unknown) => void) {
  /** Gives each caller its rows of a run, and ends the jobs that are complete. Does not throw. */
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

  /** Ends a job, unless it has ended already. Does not throw. */
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
