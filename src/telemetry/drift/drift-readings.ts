/** Turns drift counts into indices and shares. */
import { stabilityIndex } from './bins';
import type { TrainingBins } from './training-bins';
import type { Window } from './window';

/** With fewer rows, ten bins reach an index of 0.1 by chance more than once in a thousand times. */
export const minimumRows = 300;

/** Drift over the last rows. Indices and shares are null until there are `minimumRows`. */
export interface DriftReadings {
  readonly rows: number;
  readonly minimumRows: number;
  /** Share of rows with any feature outside its training range. */
  readonly outside: number | null;
  readonly features: readonly FeatureDrift[];
  /** Absent if the model has no labels or the card no label shares. */
  readonly labels?: LabelDrift;
}

export interface FeatureDrift {
  readonly name: string;
  /** The population stability index; also null if the card has no quantiles for the feature. */
  readonly psi: number | null;
  /** Share of rows outside the training range. */
  readonly outside: number | null;
}

export interface LabelDrift {
  readonly psi: number | null;
  readonly shares: Readonly<Record<string, number>> | null;
  readonly trainingShares: Readonly<Record<string, number>>;
}

/** Sums over all windows. */
export function readWindows(training: TrainingBins, windows: readonly Window[]): DriftReadings {
  const rows = sum(windows.map((window) => window.rows));
  const isEnough = rows >= minimumRows;
  const toShare = (counts: readonly number[]) => (isEnough ? round(sum(counts) / rows) : null);

  const features = training.features.map(({ name, bins }, i): FeatureDrift => {
    const counts = windows.flatMap((window) => window.features[i] ?? []);
    const shares = toShares(counts.map((each) => each.bins));
    const hasBins = bins.shares.length > 1;
    return {
      name,
      psi: isEnough && hasBins ? round(stabilityIndex(bins.shares, shares)) : null,
      outside: toShare(counts.map(({ outside }) => outside)),
    };
  });

  function toShares(counts: readonly Uint32Array[]): number[] {
    return Array.from(counts[0] ?? [], (_, bin) => sum(counts.map((each) => each[bin] as number)) / rows);
  }

  function readLabels(): LabelDrift {
    const shares = toShares(windows.map(({ labels }) => labels));
    const names = training.labels.map(({ name }) => name);
    const expected = training.labels.map(({ share }) => share);
    return {
      psi: isEnough ? round(stabilityIndex(expected, shares)) : null,
      shares: isEnough ? byName(names, shares.map(round)) : null,
      trainingShares: byName(names, expected),
    };
  }

  return {
    rows,
    minimumRows,
    outside: toShare(windows.map(({ outside }) => outside)),
    features,
    ...(training.labels.length > 0 && { labels: readLabels() }),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Six decimals, more than a few thousand rows can resolve. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function byName(names: readonly string[], values: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] as number]));
}
