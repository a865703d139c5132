/** Turns drift counts into indices and shares. */
import { stabilityIndex } from './bins';
import type { FeatureBins, TrainingBins } from './training-bins';
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
  /** What the model returned, such as a regressor's value; absent if the card has no distribution of it. */
  readonly values?: readonly FeatureDrift[];
  /** Absent if the model has no labels or the card no label shares. */
  readonly labels?: LabelDrift;
}

export interface FeatureDrift {
  readonly name: string;
  /** The population stability index; also null if the card has no quantiles for the feature. */
  readonly psi: number | null;
  /** Share of rows outside the training range; also null for strings and booleans. */
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

  function readRanges(ranges: readonly FeatureBins[], side: 'features' | 'values'): FeatureDrift[] {
    return ranges.map(({ name, bins: { shares }, range: { missing } }, i) => {
      const counts = windows.flatMap((window) => window[side][i] ?? []);
      const actual = toShares(counts.map(({ bins }) => bins));
      const hasBins = shares.length > 1 || missing !== undefined;
      return {
        name,
        psi: isEnough && hasBins ? compareRanges(shares, missing, actual) : null,
        outside: toShare(counts.map(({ outside }) => outside)),
      };
    });
  }

  const categories = training.categories.map(({ name, shares }, i): FeatureDrift => {
    const actual = toShares(windows.flatMap((window) => window.categories[i] ?? []));
    return { name, psi: isEnough ? round(stabilityIndex(shares, actual)) : null, outside: null };
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
    features: [...readRanges(training.features, 'features'), ...categories],
    ...(training.values.length > 0 && { values: readRanges(training.values, 'values') }),
    ...(training.labels.length > 0 && { labels: readLabels() }),
  };
}

/** The last of the actual shares is that of missing values, which only count where their share in training is known. */
function compareRanges(
  shares: readonly number[],
  missing: number | undefined,
  actual: readonly number[],
): number | null {
  const present = 1 - (actual.at(-1) as number);
  if (missing !== undefined)
    return round(stabilityIndex([...shares.map((share) => share * (1 - missing)), missing], actual));
  if (present === 0) return null;
  return round(
    stabilityIndex(
      shares,
      actual.slice(0, -1).map((share) => share / present),
    ),
  );
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
