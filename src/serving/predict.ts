/** Rows to outputs, as a promise: what every protocol does with a model. */

import type { Job } from '../model/batching/job';
import type { RowSpan, Tensors } from '../model/tensors/tensors';
import { toError } from '../problem';

/** The outputs of one caller's rows: spans of the runs that had them, in order. */
export type Outputs = readonly RowSpan[];

export type Caller = Pick<Job, 'isGone' | 'event'>;

/** Rejects with what ended the rows: a problem for their caller, or a failure of the model. */
export function predict(submit: (job: Job) => void, rows: Tensors, { isGone, event }: Caller): Promise<Outputs> {
  return new Promise((resolve, reject) => {
    const outputs: RowSpan[] = [];
    submit({
      rows,
      accept: (tensors, from, to) => void outputs.push({ tensors, from, to }),
      end: (failure) => (failure === undefined ? resolve(outputs) : reject(toError(failure))),
      isGone,
      ...(event && { event }),
    });
  });
}
