/** The last step of an answer: the reply, or what went wrong while it was written. */
import type { HttpReply } from '../http/message';
import { toError } from '../problem';

/** The batcher swallows what the end of a job throws, and a caller who gets no failure waits for ever. */
export function outcomeOf(finish: () => HttpReply): HttpReply | Error {
  try {
    return finish();
  } catch (failure) {
    return toError(failure);
  }
}
