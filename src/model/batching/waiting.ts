/** A job on its way through the runs: which of its rows were taken, and which its caller has. */

import type { Tensors } from '../tensors/tensors';
import type { Job } from './job';

/** Rows `from` to `to` of a job, in one run. */
export interface Share {
  readonly waiting: Waiting;
  readonly from: number;
  readonly to: number;
}

export interface Waiting {
  readonly job: Job;
  /** `performance.now()` from which on nobody counts on it. */
  readonly expiresAt: number;
  /** Rows that runs have taken. */
  taken: number;
  /** Rows that its caller has the results of. */
  done: number;
  /** What the queue has noted of it: its band, its rows without results, and how many of those count in each band. */
  band: number;
  rest: number;
  readonly ahead: number[];
  /** Whether it has ended: what comes from runs that go on is dropped. */
  isOver: boolean;
  /** Results of later rows than those that come next, by their first row; most jobs have none. */
  early: Map<number, () => void> | undefined;
}

export function createWaiting(job: Job, expiresAt: number): Waiting {
  return { job, expiresAt, taken: 0, done: 0, band: 0, rest: 0, ahead: [0, 0, 0], isOver: false, early: undefined };
}

/** Takes up to `room` of the rows that no run has taken yet. */
export function takeShare(waiting: Waiting, room: number): Share {
  const from = waiting.taken;
  waiting.taken = Math.min(from + room, waiting.job.rows.rows);
  return { waiting, from, to: waiting.taken };
}

/**
 * Gives a caller the results of a share, which begin at row `row` of `outputs`: at once, or after those of the rows before it.
 *
 * Throws what the caller throws.
 */
export function deliverShare({ waiting, from, to }: Share, outputs: Tensors, row: number): void {
  if (waiting.isOver) return;
  if (from !== waiting.done) {
    waiting.early ??= new Map();
    waiting.early.set(from, () => accept(waiting, outputs, row, to - from));
    return;
  }
  accept(waiting, outputs, row, to - from);
  for (let next = takeEarly(waiting); next !== undefined; next = takeEarly(waiting)) next();
}

function accept(waiting: Waiting, outputs: Tensors, row: number, rows: number): void {
  waiting.done += rows;
  waiting.job.accept(outputs, row, row + rows);
}

function takeEarly({ early, done }: Waiting): (() => void) | undefined {
  const next = early?.get(done);
  early?.delete(done);
  return next;
}
