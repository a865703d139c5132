/** A job in the queue: which of its rows runs have taken, which of their results its caller has, and why it may have to end. */
import { Problem, toError } from '../../problem';
import type { Tensors } from '../tensors/tensors';
import type { Job } from './job';

/** Rows `from` to `to` of a job, in one run. */
export interface Share {
  readonly queued: QueuedJob;
  readonly from: number;
  readonly to: number;
}

export interface QueuedJob {
  readonly job: Job;
  /** `performance.now()` when it was queued, and for how long from then on its caller counts on it. */
  readonly queuedAt: number;
  readonly timeoutMs: number;
  /** Rows that runs have taken. */
  taken: number;
  /** Rows that its caller has the results of. */
  done: number;
  /** What the queue has noted of it: its size, its rows without results, and how many of those count for each size. */
  sizeClass: number;
  rest: number;
  readonly ahead: number[];
  /** Whether it has ended: what comes from runs that go on is dropped. */
  isOver: boolean;
  /** Results of later rows than those that come next, by their first row; most jobs have none. */
  early: Map<number, () => void> | undefined;
}

export function createQueuedJob(job: Job, queuedAt: number, timeoutMs: number): QueuedJob {
  return {
    job,
    queuedAt,
    timeoutMs,
    taken: 0,
    done: 0,
    sizeClass: 0,
    rest: 0,
    ahead: [0, 0, 0],
    isOver: false,
    early: undefined,
  };
}

/** Why rows of a job are not to run any more, if they are not. */
export function findReasonToEnd({ job, queuedAt, timeoutMs }: QueuedJob, now: number): Error | undefined {
  try {
    if (job.isGone()) return new Problem('caller-gone', 'Nobody waits for these rows any more.');
  } catch (failure) {
    return toError(failure);
  }
  if (queuedAt + timeoutMs >= now) return undefined;
  return new Problem('deadline-exceeded', `The rows did not run within ${timeoutMs} ms.`, { retryAfterSeconds: 1 });
}

/** Takes up to `room` of the rows that no run has taken yet. */
export function takeShare(queued: QueuedJob, room: number): Share {
  const from = queued.taken;
  queued.taken = Math.min(from + room, queued.job.rows.rows);
  return { queued, from, to: queued.taken };
}

/**
 * Gives a caller the results of a share, which begin at row `row` of `outputs`: at once, or after those of the rows before it.
 *
 * Throws what the caller throws.
 */
export function deliverShare({ queued, from, to }: Share, outputs: Tensors, row: number): void {
  if (queued.isOver) return;
  if (from !== queued.done) {
    queued.early ??= new Map();
    queued.early.set(from, () => accept(queued, outputs, row, to - from));
    return;
  }
  accept(queued, outputs, row, to - from);
  for (let next = takeEarly(queued); next !== undefined; next = takeEarly(queued)) next();
}

function accept(queued: QueuedJob, outputs: Tensors, row: number, rows: number): void {
  queued.done += rows;
  queued.job.accept(outputs, row, row + rows);
}

function takeEarly({ early, done }: QueuedJob): (() => void) | undefined {
  const next = early?.get(done);
  early?.delete(done);
  return next;
}
