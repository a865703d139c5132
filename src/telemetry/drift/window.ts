/** Counts of one window of rows, by training bins. */
import type { FeatureBins, TrainingBins } from './training-bins';

export interface Window {
  rows: number;
  /** Rows with any feature outside its training range. */
  outside: number;
  readonly features: readonly RangeCounts[];
  readonly categories: readonly Uint32Array[];
  readonly values: readonly RangeCounts[];
  readonly labels: Uint32Array;
}

export interface RangeCounts {
  outside: number;
  /** The last is for missing values. */
  readonly bins: Uint32Array;
}

export function createWindow({ features, categories, values, labels }: TrainingBins): Window {
  return {
    rows: 0,
    outside: 0,
    features: features.map(createRangeCounts),
    categories: categories.map(({ shares }) => new Uint32Array(shares.length)),
    values: values.map(createRangeCounts),
    labels: new Uint32Array(labels.length),
  };
}

function createRangeCounts({ bins }: FeatureBins): RangeCounts {
  return { outside: 0, bins: new Uint32Array(bins.shares.length + 1) };
}
