/** What a batcher asks of whoever runs the model. */
import type { Tensors } from '../tensors/tensors';

/** What runs the model. What it takes at a time may change with what is learned of the model. */
export interface Runner {
  readonly run: RunModel;
  /** Rows from which on a run would take too long. */
  rowsPerRun(): number;
  /** Runs that it does at the same time. */
  parallelRuns(): number;
  /** Told of a run that succeeded. */
  ran(rows: number, ms: number): void;
}

/**
 * Runs the model once, on the rows that `collect` gives.
 *
 * It calls `collect` when a turn of the event loop has delivered all its requests and the run is about to begin, or
 * never when it fails before. Without rows there is nothing to run, and any outputs will do.
 */
export type RunModel = (collect: () => Tensors) => Promise<Tensors>;
