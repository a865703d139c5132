/** The bin of a number, and how far the shares of bins are from others. */

/** Shares below this count as this: the logarithm of an empty bin would say everything. */
const leastShare = 1e-4;

/** The first bin whose edge is not below the value; the bin behind the last edge for what is beyond. */
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
 * By custom nothing has changed below 0.1, and much has from 0.2 on.
 */
export function stabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  return expected.reduce((index, share, bin) => {
    const before = Math.max(share, leastShare);
    const now = Math.max(actual[bin] as number, leastShare);
    return index + (now - before) * Math.log(now / before);
  }, 0);
}
