/** Runs the champion's rows through the candidate once callers have their answers, and counts where the two part. */
import type { Model } from '../../model/model';
import type { Tensors } from '../../model/tensors/tensors';
import { Problem, toError } from '../../problem';
import { createHistogram, type Histogram } from '../../telemetry/metrics/histogram';
import { createComparison } from './comparison';

export interface ShadowReadings {
  /** Rows by what became of them. */
  readonly rows: Readonly<Record<ShadowOutcome, number>>;
  /** Largest difference between the numbers of a row. */
  readonly difference: Histogram;
}

/** `dropped` rows were not compared because too many were waiting, `failed` ones because the candidate has no answer. */
export type ShadowOutcome = 'same' | 'different' | 'dropped' | 'failed';

export interface Shadow {
  read(): ShadowReadings;
}

const differenceBounds = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 10, 100, 1000];

export function createShadow(champion: Model, candidate: Model): Shadow {
  const compare = createComparison(champion.card);
  const rows = { same: 0, different: 0, dropped: 0, failed: 0 };
  const difference = createHistogram(differenceBounds);
  const { maxBatchRows, maxQueuedRows } = champion.limits;
  const mostWaitingRows = Math.min(2 * maxBatchRows, maxQueuedRows);

  let lastFailure: string | undefined;

  function shadow(inputs: Tensors, expected: Tensors): void {
    if (!candidate.isLoaded() || candidate.queuedRows() >= mostWaitingRows) {
      rows.dropped += inputs.rows;
      return;
    }
    let row = 0;
    candidate.submit({
      rows: inputs,
      accept(outputs, from, to) {
        for (let at = from; at < to; at++, row++) count(compare(expected, row, outputs, at));
      },
      end(failure) {
        rows.failed += inputs.rows - row;
        if (failure !== undefined) tellOnce(toError(failure));
      },
      isGone: () => false,
    });
  }

  /** A candidate that fails at all rows says so once; problems, such as of weights, are told where they happen. */
  function tellOnce(failure: Error): void {
    if (failure instanceof Problem || failure.message === lastFailure) return;
    lastFailure = failure.message;
    candidate.fault(failure);
  }

  function count({ isDifferent, difference: distance }: ReturnType<typeof compare>): void {
    rows[isDifferent ? 'different' : 'same']++;
    difference.observe(distance);
  }

  champion.observe({ ran: shadow });
  return { read: () => ({ rows, difference }) };
}
