/** The batcher as a promise: rows in, outputs out. */
import { toError } from '../../problem';
import type { RowSpan, Tensors } from '../tensors/tensors';
import type { Job } from './job';

/** The outputs of one caller's rows, as spans of the runs they were in, in order. */
export type Outputs = readonly RowSpan[];

/** `answered` is told of the outputs before the promise is. Rejects with the reason that ended the job: a problem, or a failure of the model. */
export function predict(
  submit: (job: Job) => void,
  rows: Tensors,
  { isGone, event, expiresAt }: Pick<Job, 'isGone' | 'event' | 'expiresAt'>,
  answered?: (outputs: Outputs) => void,
): Promise<Outputs> {
  return new Promise((resolve, reject) => {
    const outputs: RowSpan[] = [];
    submit({
      rows,
      accept: (tensors, from, to) => void outputs.push({ tensors, from, to }),
      end(failure) {
        if (failure !== undefined) return reject(toError(failure));
        answered?.(outputs);
        resolve(outputs);
      },
      isGone,
      ...(event && { event }),
      expiresAt,
    });
  });
}
