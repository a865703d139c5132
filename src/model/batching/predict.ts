/** The batcher as a promise: one caller’s rows in, their outputs out. */
import { toError } from '../../problem';
import type { RowSpan, Tensors } from '../tensors/tensors';
import type { Job } from './job';

/** The outputs of one caller's rows: spans of the runs that had them, in order. */
export type Outputs = readonly RowSpan[];

/** Rejects with what ended the rows: a problem for their caller, or a failure of the model. */
export function predict(
  submit: (job: Job) => void,
  rows: Tensors,
  { isGone, event }: Pick<Job, 'isGone' | 'event'>,
): Promise<Outputs> {
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
