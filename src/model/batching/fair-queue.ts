/** The queue of waiting jobs: admits and orders them by size, so that long jobs neither shut out nor delay short ones. */
import { Problem } from '../../problem';
import { createByteLimit } from './byte-limit';
import type { QueuedJob, Share } from './queued-job';
import { addCredit, createSizeClass, dueRows, removeJob, type SizeClass, takeFrom, type Wanted } from './size-class';

export interface QueueLimits {
  readonly maxBatchRows: number;
  /** A new job is refused when this many rows would run before it. */
  readonly maxQueuedRows: number;
  /** A new job is refused when the tensors in the queue would take more with its own, unless nothing is queued. */
  readonly maxQueuedBytes: number;
}

export interface FairQueue {
  /** Throws `overloaded` when too many rows would run before a job of this size, or too many bytes would wait. */
  checkRoom(rows: number, bytes: number): void;
  add(queued: QueuedJob): void;
  /** Fills one run. Jobs that are not wanted leave the queue without running. */
  take(isWanted: Wanted): Share[];
  /** Removes a job, however many of its rows have run. */
  remove(queued: QueuedJob): void;
  /** Updates the counts to the rows that a job has left. */
  recount(queued: QueuedJob): void;
  isEmpty(): boolean;
  /** Rows without results, including those that are running. */
  queuedRows(): number;
}

/** The largest job of each size, as a fraction of a run. */
const parts = [1 / 64, 1 / 8, 1];

/**
 * Jobs have three sizes: up to 1/64 of a run, up to 1/8, and longer. Invariants:
 *
 * - A job is refused for rows only when `maxQueuedRows` of them count before it. Each other job counts with at most as many rows as
 *   the largest job of the new one's size: many long jobs leave room for short ones, which are refused last.
 *   `byte-limit.ts` has the other reason to refuse one.
 * - Smaller jobs go first, but every size with waiting jobs gets 1/8 of the rows, averaged over all runs. So a short
 *   job is in the next run unless short jobs before it fill 3/4 of that run, and a long job always makes progress.
 * - Jobs of one size go in order. A job with more rows left than one run takes goes to the back.
 * - The cost per job does not depend on how many others wait.
 *
 * For admission, sizes are fractions of `maxBatchRows`. For ordering, they are fractions of what a run takes now, which
 * may be one row for a slow model.
 */
export function createFairQueue(limits: QueueLimits, rowsPerRun: () => number): FairQueue {
  const { maxBatchRows, maxQueuedRows } = limits;
  const sizeClasses: readonly SizeClass[] = parts.map(createSizeClass);
  /** For each size, the rows that count before a new job. */
  const rowsAhead = parts.map(() => 0);
  const byteLimit = createByteLimit(limits.maxQueuedBytes);
  let queuedRows = 0;

  function checkRoom(rows: number, bytes: number): void {
    byteLimit.checkRoom(bytes);
    const ahead = rowsAhead[sizeOf(rows, maxBatchRows)] as number;
    if (ahead < maxQueuedRows) return;
    const detail = `${ahead} rows would run before those of this request (limit ${maxQueuedRows}). Retry in 1 s.`;
    throw new Problem('overloaded', detail, { retryAfterSeconds: 1 });
  }

  function add(queued: QueuedJob): void {
    const { rows } = queued.job.rows;
    queued.sizeClass = sizeOf(rows, rowsPerRun());
    const sizeClass = sizeClasses[queued.sizeClass] as SizeClass;
    sizeClass.jobs.push(queued);
    sizeClass.untakenRows += rows;
    recount(queued);
  }

  function take(isWanted: Wanted): Share[] {
    const shares: Share[] = [];
    const rowsOfRun = rowsPerRun();
    let room = rowsOfRun;
    let due = 0;
    for (const sizeClass of sizeClasses) {
      addCredit(sizeClass, rowsOfRun);
      due += dueRows(sizeClass);
    }
    for (const sizeClass of sizeClasses) {
      if (sizeClass.jobs.length === 0) continue;
      // From here on, `due` is what the larger sizes must get.
      due -= dueRows(sizeClass);
      const taken = takeFrom(sizeClass, room - due, rowsOfRun, isWanted, shares);
      sizeClass.credit = Math.max(0, sizeClass.credit - taken);
      room -= taken;
    }
    return shares;
  }

  function recount(queued: QueuedJob): void {
    const rowsOfRun = rowsPerRun();
    const rest = queued.isOver ? 0 : queued.job.rows.rows - queued.done;
    queuedRows += rest - queued.rest;
    queued.rest = rest;
    byteLimit.recount(queued);
    for (let size = 0; size < parts.length; size++) {
      const ahead = Math.min(rest, rowsOfRun, largestRows(size, maxBatchRows));
      rowsAhead[size] = (rowsAhead[size] as number) + ahead - (queued.ahead[size] as number);
      queued.ahead[size] = ahead;
    }
  }

  return {
    checkRoom,
    add,
    take,
    remove: (queued) => removeJob(sizeClasses[queued.sizeClass] as SizeClass, queued),
    recount,
    isEmpty: () => sizeClasses.every(({ jobs }) => jobs.length === 0),
    queuedRows: () => queuedRows,
  };
}

/** Rows of the largest job of a size, for runs of `rowsOfRun` rows. */
function largestRows(size: number, rowsOfRun: number): number {
  return Math.max(1, Math.floor(rowsOfRun * (parts[size] as number)));
}

function sizeOf(rows: number, rowsOfRun: number): number {
  let size = 0;
  while (size < parts.length - 1 && rows > largestRows(size, rowsOfRun)) size++;
  return size;
}
