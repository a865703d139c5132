/** The header fields of a problem's reply, and the problems that add their own. */
import { Problem, type ProblemOptions, type ProblemType } from '../problem';

/** Closes the connection after this reply. */
export const connectionClose: readonly string[] = ['connection', 'close'];

interface HttpProblemOptions extends ProblemOptions {
  /** Header fields of the reply, names and values alternating. */
  readonly headers: readonly string[];
}

/** A problem specific to HTTP whose reply needs header fields, such as `allow`. */
export class HttpProblem extends Problem {
  readonly headers: readonly string[];

  constructor(type: ProblemType, detail: string, { headers, ...options }: HttpProblemOptions) {
    super(type, detail, options);
    this.headers = headers;
  }
}

/** The header fields of a problem's reply, names and values alternating: `retry-after`, and those of an `HttpProblem`. */
export function problemFields(problem: Problem): readonly string[] {
  const headers = problem instanceof HttpProblem ? problem.headers : [];
  const { retryAfterSeconds } = problem;
  return retryAfterSeconds === undefined ? headers : ['retry-after', String(retryAfterSeconds), ...headers];
}
