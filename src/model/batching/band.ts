/** Jobs of one size, in the order of their turns, and what of the next run is their due. */
import { type Share, takeShare, type Waiting } from './waiting';

export interface Band {
  /** Jobs with rows that no run has taken. */
  jobs: Waiting[];
  untakenRows: number;
  /** Rows that are its due although smaller jobs go first: those of a small run are fractions. */
  credit: number;
}

/** Whether rows of a job are still to run. */
export type Wanted = (waiting: Waiting) => boolean;

/** What a band gets of each run at least, while jobs of it wait. */
const guaranteedShare = 1 / 8;

export function createBand(): Band {
  return { jobs: [], untakenRows: 0, credit: 0 };
}

/** A band that waits is due its share of one more run; what it could not take of earlier ones adds up to one run at most. */
export function addCredit(band: Band, rowsOfRun: number): void {
  band.credit = band.jobs.length === 0 ? 0 : Math.min(rowsOfRun, band.credit + rowsOfRun * guaranteedShare);
}

export function dueRows({ credit, untakenRows: untaken }: Band): number {
  return Math.min(Math.floor(credit), untaken);
}

/** Takes up to `room` rows of a band, of jobs that are wanted, and says how many there were. */
export function takeFrom(band: Band, room: number, rowsOfRun: number, isWanted: Wanted, shares: Share[]): number {
  const { jobs } = band;
  let left = Math.max(0, room);
  let passed = 0;
  for (; passed < jobs.length && left > 0; passed++) {
    const waiting = jobs[passed] as Waiting;
    if (!isWanted(waiting)) {
      band.untakenRows -= untakenRows(waiting);
      continue;
    }
    const share = takeShare(waiting, left);
    shares.push(share);
    left -= share.to - share.from;
  }
  const taken = Math.max(0, room) - left;
  band.untakenRows -= taken;
  band.jobs = jobs.slice(passed);
  // Only the last one can be cut, when no room is left behind it.
  const cut = left === 0 ? jobs[passed - 1] : undefined;
  if (cut === undefined || untakenRows(cut) === 0) return taken;
  if (untakenRows(cut) > rowsOfRun) band.jobs.push(cut);
  else band.jobs.unshift(cut);
  return taken;
}

/** Takes a job out, if it waits. */
export function removeJob(band: Band, waiting: Waiting): void {
  const others = band.jobs.filter((other) => other !== waiting);
  if (others.length === band.jobs.length) return;
  band.jobs = others;
  band.untakenRows -= untakenRows(waiting);
}

function untakenRows({ job, taken }: Waiting): number {
  return job.rows.rows - taken;
}
