/** Counts values by upper bound, like a Prometheus histogram. */

export interface Histogram {
  observe(value: number): void;
  /** Cumulative counts per bound, followed by the total. */
  counts(): readonly number[];
  readonly bounds: readonly number[];
  /** The number of values, and their sum. */
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
      // NaN is within no bound.
      while (bucket < bounds.length && !(value <= (bounds[bucket] as number))) bucket++;
      counts[bucket] = (counts[bucket] as number) + 1;
      // A single NaN would destroy the sum.
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
