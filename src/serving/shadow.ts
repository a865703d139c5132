/** Repeats the champion's rows on the candidate after callers have their answers, and compares the outputs. */
import type { Job } from '../model/batching/job';
import type { Model } from '../model/model';
import type { Tensors } from '../model/tensors/tensors';
import { Problem, toError } from '../problem';
import { type Comparison, createComparison } from './comparison';

/** Observes the rows that the candidate repeats. */
export interface ShadowObserver {
  compared(comparison: Comparison): void;
  /** Rows without a comparison: the queue was full, or the candidate failed. */
  missed(rows: number, reason: 'dropped' | 'failed'): void;
}

export interface Shadow {
  observe(observer: ShadowObserver): void;
}

export function createShadow(champion: Model, candidate: Model): Shadow {
  const compare = createComparison(champion.card);
  const { maxBatchRows, maxQueuedRows } = champion.limits;
  const maxWaitingRows = Math.min(2 * maxBatchRows, maxQueuedRows);
  const observers: ShadowObserver[] = [];
  let lastFailure: string | undefined;

  function shadow(inputs: Tensors, expected: Tensors): void {
    if (!candidate.isLoaded() || candidate.queuedRows() >= maxWaitingRows) {
      for (const { missed } of observers) missed(inputs.rows, 'dropped');
      return;
    }
    let row = 0;
    const job: Job = {
      rows: inputs,
      accept(outputs, from, to) {
        for (let at = from; at < to; at++, row++) tell(compare(expected, row, outputs, at));
      },
      end(failure) {
        for (const { missed } of observers) missed(inputs.rows - row, 'failed');
        if (failure !== undefined) logOnce(toError(failure));
      },
      isGone: () => false,
    };
    if (!submitted(job)) for (const { missed } of observers) missed(inputs.rows, 'dropped');
  }

  /** Whether the candidate's queue has room for the job's tensors. */
  function submitted(job: Job): boolean {
    try {
      candidate.submit(job);
      return true;
    } catch (failure) {
      if (failure instanceof Problem && failure.type === 'overloaded') return false;
      throw failure;
    }
  }

  function tell(comparison: Comparison): void {
    for (const { compared } of observers) compared(comparison);
  }

  /** Logged once if a candidate fails on every row; problems such as wrong weights are logged where they occur. */
  function logOnce(failure: Error): void {
    if (failure instanceof Problem || failure.message === lastFailure) return;
    lastFailure = failure.message;
    candidate.fault(failure);
  }

  champion.observe({ ran: shadow });
  return { observe: (observer) => void observers.push(observer) };
}
