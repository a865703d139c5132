/** Counts differences between the champion and a shadowing candidate. */
import type { Shadow } from '../../serving/shadow';
import { createHistogram, type Histogram } from './histogram';

export interface ShadowReadings {
  /** Rows by outcome. */
  readonly rows: Readonly<Record<'same' | 'different' | 'dropped' | 'failed', number>>;
  /** Largest difference between the numbers of a row. */
  readonly difference: Histogram;
}

const differenceBounds = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 10, 100, 1000];

/** The counts are live: every read returns the current values. */
export function countShadow(shadow: Shadow): ShadowReadings {
  const rows = { same: 0, different: 0, dropped: 0, failed: 0 };
  const difference = createHistogram(differenceBounds);
  shadow.observe({
    compared({ isDifferent, difference: distance }) {
      rows[isDifferent ? 'different' : 'same']++;
      difference.observe(distance);
    },
    missed(count, reason) {
      rows[reason] += count;
    },
  });
  return { rows, difference };
}
