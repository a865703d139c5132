/** What follows the beginning of an answer: counted, captured while it is made, and its failure told to log and metrics. */
import type { Capture } from '../capture/capture';
import type { HttpRequest } from '../http/message';
import type { Problem } from '../problem';

export async function* watchRest(
  rest: AsyncIterable<Buffer>,
  request: HttpRequest,
  capture: Pick<Capture, 'ongoing'> | undefined,
  toProblem: (failure: unknown) => Problem,
): AsyncGenerator<Buffer> {
  const { event } = request;
  try {
    for await (const piece of rest) {
      capture?.ongoing(request);
      event.restBytes += piece.length;
      yield piece;
    }
  } catch (failure) {
    const problem = toProblem(failure);
    event.problem = problem.type;
    throw problem;
  }
}
