/** A job in the queue: its rows taken by runs, its rows delivered to the caller, and the reasons to end it early. */
import { Problem, toError } from '../../problem';
import type { Tensors } from '../tensors/tensors';
import type { Job } from './job';

/** Rows `from` to `to` of a job, as part of one run. */
export interface Share {
  readonly queued: QueuedJob;
  readonly from: number;
  readonly to: number;
}

export interface QueuedJob {
  readonly job: Job;
  /** `performance.now()` when it was queued; the timeout counts from then. */
  readonly queuedAt: number;
  readonly timeoutMs: number;
  /** Rows taken by runs. */
  taken: number;
  /** Rows whose results the caller has. */
  done: number;
  /** Of its tensors. */
  readonly bytes: number;
  /** Kept by the queue: its size, its rows without results, and how many of those count for each size. */
  sizeClass: number;
  rest: number;
  readonly ahead: number[];
  /** Kept by the byte limit. */
  countedBytes: number;
  /** Whether it has ended: results that arrive later are dropped. */
  isOver: boolean;
  /** Results that arrived out of order, by their first row; undefined for most jobs. */
  early: Map<number, () => void> | undefined;
}

export function createQueuedJob(job: Job, bytes: number, queuedAt: number, timeoutMs: number): QueuedJob {
  return {
    job,
    bytes,
    queuedAt,
    timeoutMs,
    taken: 0,
    done: 0,
    sizeClass: 0,
    rest: 0,
    ahead: [0, 0, 0],
    countedBytes: 0,
    isOver: false,
    early: undefined,
  };
}

/** Why the rows of a job should not run any more; undefined when they should. */
export function findReasonToEnd({ job, queuedAt, timeoutMs }: QueuedJob, now: number): Error | undefined {
  try {
    if (job.isGone()) return new Problem('caller-gone', 'The caller has gone.');
  } catch (failure) {
    return toError(failure);
  }
  if (queuedAt + timeoutMs >= now) return undefined;
  return new Problem('deadline-exceeded', `The rows did not run within ${timeoutMs} ms.`, { retryAfterSeconds: 1 });
}

/** Takes up to `room` rows that no run has taken yet. */
export function takeShare(queued: QueuedJob, room: number): Share {
  const from = queued.taken;
  queued.taken = Math.min(from + room, queued.job.rows.rows);
  return { queued, from, to: queued.taken };
}

/** Gives a caller the results of a share, which start at `row` of `outputs`, in order. Throws what the caller throws. */
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
