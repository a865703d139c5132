/** Limits the rows of a run to those that may share one, by the card, the model's operators and its outputs. */
import type { Runner } from '../batching/runner';
import type { Card } from '../card/card';
import { OutputMisfit } from '../tensors/outputs';
import type { Session } from './session';

/** How many rows may share a run of the session, at most `limit`. */
export function mostRowsOf({ sizesDependOnData }: Session, { maxBatchRows }: Card, limit: number): number {
  // Joined rows can give as many results as there are rows by chance, assigned to the wrong rows.
  return sizesDependOnData && maxBatchRows === undefined ? 1 : Math.min(limit, maxBatchRows ?? limit);
}

export function createRowLimit(inner: Runner, card: Card, maxBatchRows: number) {
  let maxRows = maxBatchRows;

  /** Applies the limit of a session that has just been opened, and returns it. */
  function opened(session: Session): number {
    maxRows = mostRowsOf(session, card, maxRows);
    return maxRows;
  }

  function note(failure: unknown): never {
    if (failure instanceof OutputMisfit) maxRows = 1;
    throw failure;
  }

  const runner: Runner = {
    ...inner,
    run: (collect) => inner.run(collect).catch(note),
    rowsPerRun: () => Math.min(maxRows, inner.rowsPerRun()),
  };
  return { runner, opened };
}
