/** How a protocol spells failures: the problem document plus the members that its clients expect. */
import type { Problem, ProblemDocument } from '../problem';

export interface SpelledProblem extends ProblemDocument {
  readonly [member: string]: unknown;
}

/** A reply without a body. */
export interface FailureReply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: '';
  readonly trailers: readonly string[];
}

export interface Dialect {
  spell(document: ProblemDocument): SpelledProblem;
  /** Whether some of its clients read only plain JSON. */
  readonly hasPlainJsonClients: boolean;
  /** The whole reply, for a protocol whose failures are not documents. */
  answer?(problem: Problem): FailureReply;
}
