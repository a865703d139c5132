/** How a protocol spells failures: the document of a problem, with what its clients look for. */
import type { ProblemDocument } from '../problem';

export interface SpelledProblem extends ProblemDocument {
  readonly [member: string]: unknown;
}

export interface Dialect {
  spell(document: ProblemDocument): SpelledProblem;
  /** Whether some of its clients read plain JSON and no other media type. */
  readonly hasPlainJsonClients: boolean;
}
