/** A job of the batcher: one caller's rows, where their results go, and what is noted of it on its way. */
import type { Tensors } from '../tensors/tensors';

/** One caller's rows and where their results go. */
export interface Job {
  readonly rows: Tensors;
  /** Takes the outputs of the job's next `to - from` rows: rows `from` to `to` of `outputs`. Called in order, until all are there. */
  accept(outputs: Tensors, from: number, to: number): void;
  /** Called once, after the last rows or with the failure that ended the job. What it throws is logged. */
  end(failure?: unknown): void;
  /** Whether nobody waits for the results any more. */
  isGone(): boolean;
  /** Where the batcher notes when the job was queued and ran, in milliseconds of `performance.now()`. */
  readonly event?: JobEvent;
}

export interface JobEvent {
  rows: number;
  queuedAt: number;
  runAt: number;
  modelMs: number;
}

/** Notes when a job was queued. */
export function noteQueued({ event, rows }: Job, queuedAt: number): void {
  if (event === undefined) return;
  event.rows = rows.rows;
  event.queuedAt = queuedAt;
}

/** Notes a run with rows of the job. */
export function noteRun({ event }: Job, startedAt: number, modelMs: number): void {
  if (event === undefined) return;
  if (event.runAt === 0) event.runAt = startedAt;
  event.modelMs += modelMs;
}
