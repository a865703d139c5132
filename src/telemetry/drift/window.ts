/** Counts of one window of rows, by training bins. */
import type { TrainingBins } from './training-bins';

export interface Window {
  rows: number;
  /** Rows with any feature outside its training range. */
  outside: number;
  readonly features: readonly FeatureCounts[];
  readonly labels: Uint32Array;
}

export interface FeatureCounts {
  outside: number;
  readonly bins: Uint32Array;
}

export function createWindow({ features, labels }: TrainingBins): Window {
  return {
    rows: 0,
    outside: 0,
    features: features.map(({ bins }) => ({ outside: 0, bins: new Uint32Array(bins.shares.length) })),
    labels: new Uint32Array(labels.length),
  };
}
