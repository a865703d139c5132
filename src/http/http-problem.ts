/** The header fields of a problem's answer, and the problems that bring some of their own. */
import { Problem, type ProblemOptions, type ProblemType } from '../problem';

/** Tells the caller that its connection ends with this answer. */
export const connectionClose: readonly string[] = ['connection', 'close'];

interface HttpProblemOptions extends ProblemOptions {
  /** Header fields of the answer, names and values in turn. */
  readonly headers: readonly string[];
}

/** A problem of HTTP alone, whose answer needs header fields: the methods that a path takes, the codings that are read. */
export class HttpProblem extends Problem {
  readonly headers: readonly string[];

  constructor(type: ProblemType, detail: string, { headers, ...options }: HttpProblemOptions) {
    super(type, detail, options);
    this.headers = headers;
  }
}

/** The header fields of a problem's answer, names and values in turn: when to come back, and those of an `HttpProblem`. */
export function problemFields(problem: Problem): readonly string[] {
  const headers = problem instanceof HttpProblem ? problem.headers : [];
  const { retryAfterSeconds } = problem;
  return retryAfterSeconds === undefined ? headers : ['retry-after', String(retryAfterSeconds), ...headers];
}
