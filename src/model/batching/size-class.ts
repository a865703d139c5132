/** The jobs of one size, in order, and their guaranteed part of the next run. */
import { type QueuedJob, type Share, takeShare } from './queued-job';

export interface SizeClass {
  /** Jobs with rows that no run has taken. */
  jobs: QueuedJob[];
  untakenRows: number;
  /** Rows that this size is owed although smaller jobs go first; a fraction when runs are small. */
  credit: number;
}

/** Whether a job should still run. */
export type Wanted = (queued: QueuedJob) => boolean;

/** The least part of each run that a size gets while its jobs wait. */
const guaranteedShare = 1 / 8;

export function createSizeClass(): SizeClass {
  return { jobs: [], untakenRows: 0, credit: 0 };
}

/** Credits a waiting size with its part of another run. Unused credit adds up to at most one run. */
export function addCredit(sizeClass: SizeClass, rowsOfRun: number): void {
  sizeClass.credit =
    sizeClass.jobs.length === 0 ? 0 : Math.min(rowsOfRun, sizeClass.credit + rowsOfRun * guaranteedShare);
}

export function dueRows({ credit, untakenRows: untaken }: SizeClass): number {
  return Math.min(Math.floor(credit), untaken);
}

/** Takes up to `room` rows of wanted jobs, and returns how many it took. */
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
  // Only the last job can be cut, and only when the room is used up.
  const cut = left === 0 ? jobs[passed - 1] : undefined;
  if (cut === undefined || untakenRows(cut) === 0) return taken;
  if (untakenRows(cut) > rowsOfRun) sizeClass.jobs.push(cut);
  else sizeClass.jobs.unshift(cut);
  return taken;
}

/** Removes a job, if it waits. */
export function removeJob(sizeClass: SizeClass, queued: QueuedJob): void {
  const others = sizeClass.jobs.filter((other) => other !== queued);
  if (others.length === sizeClass.jobs.length) return;
  sizeClass.jobs = others;
  sizeClass.untakenRows -= untakenRows(queued);
}

function untakenRows({ job, taken }: QueuedJob): number {
  return job.rows.rows - taken;
}
