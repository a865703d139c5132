/** Jobs of one size, in the order of their turns, and what of the next run is their due. */
import { type QueuedJob, type Share, takeShare } from './queued-job';

export interface SizeClass {
  /** Jobs with rows that no run has taken. */
  jobs: QueuedJob[];
  untakenRows: number;
  /** Rows that are its due although smaller jobs go first: those of a small run are fractions. */
  credit: number;
}

/** Whether rows of a job are still to run. */
export type Wanted = (queued: QueuedJob) => boolean;

/** What a size gets of each run at least, while jobs of it wait. */
const guaranteedShare = 1 / 8;

export function createSizeClass(): SizeClass {
  return { jobs: [], untakenRows: 0, credit: 0 };
}

/** A size that waits is due its share of one more run; what it could not take of earlier ones adds up to one run at most. */
export function addCredit(sizeClass: SizeClass, rowsOfRun: number): void {
  sizeClass.credit =
    sizeClass.jobs.length === 0 ? 0 : Math.min(rowsOfRun, sizeClass.credit + rowsOfRun * guaranteedShare);
}

export function dueRows({ credit, untakenRows: untaken }: SizeClass): number {
  return Math.min(Math.floor(credit), untaken);
}

/** Takes up to `room` rows of a size, of jobs that are wanted, and says how many there were. */
export function takeFrom(
  sizeClass: SizeClass,
  room: number,
  rowsOfRun: number,
  isWanted: Wanted,
  shares: Share[],
): number {
  const { jobs } = sizeClass;
  let left = Math.max(0, room);
  let passed = 0;
  for (; passed < jobs.length && left > 0; passed++) {
    const queued = jobs[passed] as QueuedJob;
    if (!isWanted(queued)) {
      sizeClass.untakenRows -= untakenRows(queued);
      continue;
    }
    const share = takeShare(queued, left);
    shares.push(share);
    left -= share.to - share.from;
  }
  const taken = Math.max(0, room) - left;
  sizeClass.untakenRows -= taken;
  sizeClass.jobs = jobs.slice(passed);
  // Only the last one can be cut, when no room is left behind it.
  const cut = left === 0 ? jobs[passed - 1] : undefined;
  if (cut === undefined || untakenRows(cut) === 0) return taken;
  if (untakenRows(cut) > rowsOfRun) sizeClass.jobs.push(cut);
  else sizeClass.jobs.unshift(cut);
  return taken;
}

/** Takes a job out, if it waits. */
export function removeJob(sizeClass: SizeClass, queued: QueuedJob): void {
  const others = sizeClass.jobs.filter((other) => other !== queued);
  if (others.length === sizeClass.jobs.length) return;
  sizeClass.jobs = others;
  sizeClass.untakenRows -= untakenRows(queued);
}

function untakenRows({ job, taken }: QueuedJob): number {
  return job.rows.rows - taken;
}
