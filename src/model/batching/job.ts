/** A job of the batcher: one caller's rows, where their results go, and its timings. */
import type { Tensors } from '../tensors/tensors';

export interface Job {
  readonly rows: Tensors;
  /** Receives the outputs of the job's next rows: rows `from` to `to` of `outputs`. Called in order, until all have arrived. */
  accept(outputs: Tensors, from: number, to: number): void;
  /** Called once: after the last rows, or with the failure that ended the job. An error it throws is logged. */
  end(failure?: unknown): void;
  /** Whether the caller has gone. */
  isGone(): boolean;
  /** When the caller stops waiting, on the clock of `performance.now()`: rows that have not run by then never do. */
  readonly expiresAt?: number | undefined;
  /** Filled in by the batcher; times are in milliseconds of `performance.now()`. */
  readonly event?: JobEvent;
}

export interface JobEvent {
  rows: number;
  queuedAt: number;
  runAt: number;
  modelMs: number;
}

export function noteQueued({ event, rows }: Job, queuedAt: number): void {
  if (event === undefined) return;
  event.rows = rows.rows;
  event.queuedAt = queuedAt;
}

export function noteRun({ event }: Job, startedAt: number, modelMs: number): void {
  if (event === undefined) return;
  if (event.runAt === 0) event.runAt = startedAt;
  event.modelMs += modelMs;
}
