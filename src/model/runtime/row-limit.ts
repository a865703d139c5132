/** Whether rows of different callers may share a run: what the card says, what the operators of the model do, and what its outputs show. */
import type { Runner } from '../batching/runner';
import type { Card } from '../card/card';
import { OutputMisfit } from '../tensors/outputs';
import type { Session } from './session';

export interface RowLimit {
  /** A runner that takes no more rows at a time than may share a run. */
  readonly runner: Runner;
  /** Learns of a session that has been opened. Returns how many rows may share a run. */
  opened(session: Session): number;
}

/** Rows that may share a run of a session, of at most so many. */
export function mostRowsOf({ sizesDependOnData }: Session, { maxBatchRows }: Card, most: number): number {
  // Joined rows may give as many results as there are rows by chance, and then to the wrong ones.
  return sizesDependOnData && maxBatchRows === undefined ? 1 : Math.min(most, maxBatchRows ?? most);
}

export function createRowLimit(inner: Runner, card: Card, maxBatchRows: number): RowLimit {
  let mostRows = maxBatchRows;

  function opened(session: Session): number {
    mostRows = mostRowsOf(session, card, mostRows);
    return mostRows;
  }

  function note(failure: unknown): never {
    if (failure instanceof OutputMisfit) mostRows = 1;
    throw failure;
  }

  const runner: Runner = {
    ...inner,
    run: (collect) => inner.run(collect).catch(note),
    rowsPerRun: () => Math.min(mostRows, inner.rowsPerRun()),
  };
  return { runner, opened };
}
