/** How a protocol spells failures: the problem document plus the members that its clients expect. */
import type { ProblemDocument } from '../problem';

export interface SpelledProblem extends ProblemDocument {
  readonly [member: string]: unknown;
}

export interface Dialect {
  spell(document: ProblemDocument): SpelledProblem;
  /** Whether some of its clients read only plain JSON. */
  readonly hasPlainJsonClients: boolean;
}
