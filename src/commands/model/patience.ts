/** How long a check may take, and what each of its parts gets: a slow model is compared and timed less, and the report says so. */
import type { Patience } from './trials/trial-run';

export const usualSeconds = 60;

export interface TimeShares {
  /** For golden samples. */
  readonly samplesMs: number;
  /** For comparing rows alone and in batches. */
  readonly rowsMs: number;
  /** For timing runs. */
  readonly runsMs: number;
  /** For sizes that callers choose. */
  readonly sizes: Patience;
  /** For timing starts, and as long again for requests to the server. */
  readonly startsMs: number;
}

/** Of a whole in seconds. They add up to less: each part ends what it has begun. */
export function shareTime(seconds: number): TimeShares {
  const ms = seconds * 1_000;
  return {
    samplesMs: ms / 10,
    rowsMs: ms / 10,
    runsMs: ms / 15,
    sizes: { runMs: ms / 6, allMs: ms / 4 },
    startsMs: ms / 10,
  };
}
