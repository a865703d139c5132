/** The queue of jobs that wait for runs: admits and orders them by size, so that long ones keep short ones neither out nor waiting. */
import { Problem } from '../../problem';
import type { QueuedJob, Share } from './queued-job';
import { addCredit, createSizeClass, dueRows, removeJob, type SizeClass, takeFrom, type Wanted } from './size-class';

export interface QueueLimits {
  /** Rows of the largest run. */
  readonly maxBatchRows: number;
  /** Rows that may run before those of a new job. */
  readonly maxQueuedRows: number;
}

export interface FairQueue {
  /** Throws the problem `overloaded` when a job of so many rows would have to wait for too many others. */
  checkRoom(rows: number): void;
  add(queued: QueuedJob): void;
  /** Fills one run. Jobs of which `isWanted` says no lose their place, and none of their rows run. */
  take(isWanted: Wanted): Share[];
  /** Takes a job out, whatever of it has run. */
  remove(queued: QueuedJob): void;
  /** Brings the counts up to date with what is left of a job. */
  recount(queued: QueuedJob): void;
  isEmpty(): boolean;
  /** Rows without results, those that run now among them. */
  queuedRows(): number;
}

/** Largest jobs of each size, as parts of a run. */
const parts = [1 / 64, 1 / 8, 1];

/**
 * Jobs come in three sizes: up to a 64th of a run, up to an eighth, and longer ones. What holds:
 *
 * - A job is refused only when `maxQueuedRows` or more count before it. Of each other job at most as many rows count as
 *   the largest of its own size has: so many long jobs leave room for short ones, and short ones are refused last.
 * - Smaller ones go first, but every size of which jobs wait gets an eighth of the rows, counted over all runs. So a
 *   short job is in the next run unless short jobs before it fill three quarters of that, and a long one always goes on.
 * - Of the same size, they go in their order. One with more rows left than a run takes goes on behind those that wait.
 * - All of this costs a job the same, however many others wait.
 *
 * Sizes that decide who is refused are parts of `maxBatchRows`. Those that decide who goes first are parts of what a run
 * takes at the moment: of a slow model that may be one row.
 */
export function createFairQueue(limits: QueueLimits, rowsPerRun: () => number): FairQueue {
  const { maxBatchRows, maxQueuedRows } = limits;
  const sizeClasses: readonly SizeClass[] = parts.map(createSizeClass);
  /** For each size, the rows that count before a job of it. */
  const rowsAhead = parts.map(() => 0);
  let queuedRows = 0;

  function checkRoom(rows: number): void {
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
      // What is left of it now is due to larger sizes.
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

/** Rows of the largest job of a size, where runs have so many rows. */
function largestRows(size: number, rowsOfRun: number): number {
  return Math.max(1, Math.floor(rowsOfRun * (parts[size] as number)));
}

/** The size of a job, where runs have so many rows. */
function sizeOf(rows: number, rowsOfRun: number): number {
  let size = 0;
  while (size < parts.length - 1 && rows > largestRows(size, rowsOfRun)) size++;
  return size;
}
