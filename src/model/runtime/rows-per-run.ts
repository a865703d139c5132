/** How many rows one run may have: as many as run in about 20 ms, so that a slow model keeps nobody waiting for longer. */

const longestRunMs = 20;

export interface RowsPerRun {
  current(): number;
  /** Sets out from a first run. */
  start(rows: number, ms: number): void;
  /** Learns from a run. */
  ran(rows: number, ms: number): void;
}

export function createRowsPerRun(): RowsPerRun {
  let rowsPerRun = Number.POSITIVE_INFINITY;

  function start(rows: number, ms: number): void {
    rowsPerRun = Math.max(1, Math.floor((rows * longestRunMs) / ms));
  }

  function ran(rows: number, ms: number): void {
    if (ms > longestRunMs && rows > 1) start(rows, ms);
    // A pause of the machine looks like a slow run: rows come back as soon as full runs are short.
    else if (rows >= rowsPerRun && ms < longestRunMs / 2) rowsPerRun *= 2;
  }

  return { current: () => rowsPerRun, start, ran };
}
