/** The queue of jobs that wait for runs: admits and orders them by size, so that long ones keep short ones neither out nor waiting. */
import { Problem } from '../../problem';
import { addCredit, type Band, createBand, dueRows, removeJob, takeFrom, type Wanted } from './band';
import type { Share, Waiting } from './waiting';

export interface QueueLimits {
  /** Rows of the largest run. */
  readonly maxBatchRows: number;
  /** Rows that may run before those of a new job. */
  readonly maxQueuedRows: number;
}

export interface FairQueue {
  /** Throws the problem `overloaded` when a job of so many rows would have to wait for too many others. */
  checkRoom(rows: number): void;
  add(waiting: Waiting): void;
  /** Fills one run. Jobs of which `isWanted` says no lose their place, and none of their rows run. */
  take(isWanted: Wanted): Share[];
  /** Takes a job out, whatever of it has run. */
  remove(waiting: Waiting): void;
  /** Brings the counts up to date with what is left of a job. */
  recount(waiting: Waiting): void;
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
  const bands: readonly Band[] = parts.map(createBand);
  const largest = parts.map((part) => largestRows(part, maxBatchRows));
  /** For each size, the rows that count before a job of it. */
  const rowsAhead = parts.map(() => 0);
  let queuedRows = 0;

  function checkRoom(rows: number): void {
    const ahead = rowsAhead[sizeOf(rows, maxBatchRows)] as number;
    if (ahead < maxQueuedRows) return;
    const detail = `${ahead} rows would run before those of this request (limit ${maxQueuedRows}). Retry in 1 s.`;
    throw new Problem('overloaded', detail, { retryAfterSeconds: 1 });
  }

  function add(waiting: Waiting): void {
    const { rows } = waiting.job.rows;
    waiting.band = sizeOf(rows, rowsPerRun());
    const band = bands[waiting.band] as Band;
    band.jobs.push(waiting);
    band.untakenRows += rows;
    recount(waiting);
  }

  function take(isWanted: Wanted): Share[] {
    const shares: Share[] = [];
    const rowsOfRun = rowsPerRun();
    let room = rowsOfRun;
    let due = 0;
    for (const band of bands) {
      addCredit(band, rowsOfRun);
      due += dueRows(band);
    }
    for (const band of bands) {
      if (band.jobs.length === 0) continue;
      // What is left of it now is due to larger bands.
      due -= dueRows(band);
      const taken = takeFrom(band, room - due, rowsOfRun, isWanted, shares);
      band.credit = Math.max(0, band.credit - taken);
      room -= taken;
    }
    return shares;
  }

  function recount(waiting: Waiting): void {
    const rowsOfRun = rowsPerRun();
    const rest = waiting.isOver ? 0 : waiting.job.rows.rows - waiting.done;
    queuedRows += rest - waiting.rest;
    waiting.rest = rest;
    for (let size = 0; size < parts.length; size++) {
      const ahead = Math.min(rest, rowsOfRun, largest[size] as number);
      rowsAhead[size] = (rowsAhead[size] as number) + ahead - (waiting.ahead[size] as number);
      waiting.ahead[size] = ahead;
    }
  }

  return {
    checkRoom,
    add,
    take,
    remove: (waiting) => removeJob(bands[waiting.band] as Band, waiting),
    recount,
    isEmpty: () => bands.every(({ jobs }) => jobs.length === 0),
    queuedRows: () => queuedRows,
  };
}

function largestRows(part: number, rowsOfRun: number): number {
  return Math.max(1, Math.floor(rowsOfRun * part));
}

/** The size of a job, where runs have so many rows. */
function sizeOf(rows: number, rowsOfRun: number): number {
  let size = 0;
  while (size < parts.length - 1 && rows > largestRows(parts[size] as number, rowsOfRun)) size++;
  return size;
}
