/** Limits a run to as many rows as take about 20 ms, so that a slow model keeps nobody waiting longer. */

const maxRunMs = 20;

export function createRowsPerRun() {
  let rowsPerRun = Number.POSITIVE_INFINITY;

  /** Sets the limit from one measured run. */
  function start(rows: number, ms: number): void {
    rowsPerRun = Math.max(1, Math.floor((rows * maxRunMs) / ms));
  }

  /** Adjusts the limit after a run. */
  function ran(rows: number, ms: number): void {
    if (ms > maxRunMs && rows > 1) start(rows, ms);
    // A pause of the machine looks like a slow run, so the limit recovers once full runs are fast.
    else if (rows >= rowsPerRun && ms < maxRunMs / 2) rowsPerRun *= 2;
  }

  return { current: () => rowsPerRun, start, ran };
}
