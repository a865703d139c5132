/** Counts of values by upper bound, as Prometheus histograms have them. */

export interface Histogram {
  observe(value: number): void;
  /** Values up to each bound, then all: cumulative, one more than there are bounds. */
  counts(): readonly number[];
  readonly bounds: readonly number[];
  /** How many values there were, and their sum. */
  count(): number;
  sum(): number;
}

export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;

  return {
    bounds,
    count: () => counts.reduce((total, count) => total + count, 0),
    sum: () => sum,

    observe(value) {
      let bucket = 0;
      // NaN lies within no bound.
      while (bucket < bounds.length && !(value <= (bounds[bucket] as number))) bucket++;
      counts[bucket] = (counts[bucket] as number) + 1;
      // One value that is none would leave no sum for the others.
      if (Number.isFinite(value)) sum += value;
    },

    counts() {
      let total = 0;
      return Array.from(counts, (count) => {
        total += count;
        return total;
      });
    },
  };
}
