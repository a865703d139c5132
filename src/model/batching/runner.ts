/** The interface between the batcher and what runs the model. */
import type { Tensors } from '../tensors/tensors';

/** Runs the model. Its limits may change as it learns how fast the model is. */
export interface Runner {
  readonly run: RunModel;
  /** Rows above which a run would take too long. */
  rowsPerRun(): number;
  parallelRuns(): number;
  /** Called after a successful run. */
  ran(rows: number, ms: number): void;
}

/**
 * Runs the model once, on the rows that `collect` gives.
 *
 * It calls `collect` when the run is about to begin and the event-loop turn has delivered all its requests; never when
 * it fails before. With no rows, it may return any outputs.
 */
export type RunModel = (collect: () => Tensors) => Promise<Tensors>;
