/** Finds the bin of a number, and compares bin shares. */

/** Lower limit for shares: the logarithm of an empty bin would dominate the index. */
const leastShare = 1e-4;

/** The first bin whose edge is at or above the value; the last bin if the value is beyond every edge. */
export function findBin(edges: Float64Array, value: number): number {
  let from = 0;
  let to = edges.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (value <= (edges[middle] as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * The population stability index: the sum of `(actual - expected) * ln(actual / expected)` over the bins.
 *
 * By convention, below 0.1 means no change, 0.2 and above a significant one.
 */
export function stabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  return expected.reduce((index, share, bin) => {
    const before = Math.max(share, leastShare);
    const now = Math.max(actual[bin] as number, leastShare);
    return index + (now - before) * Math.log(now / before);
  }, 0);
}
