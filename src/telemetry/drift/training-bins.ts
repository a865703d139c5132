/** The baseline for drift: the card's bins of numbers, shares of categories and shares of labels in training. */
import type { Card } from '../../model/card/card';
import { type RangedFeature, rangedFeatures, rangedOutputs } from '../../model/instances/training-ranges';
import { createLabelReader, type LabelReader } from '../../model/predictions/labels';
import { type CategoryBins, categoryBins } from './category-bins';

export interface TrainingBins {
  readonly features: readonly FeatureBins[];
  readonly categories: readonly CategoryBins[];
  /** What a regressor returns. */
  readonly values: readonly FeatureBins[];
  /** Undefined if the model has no labels or the card lacks a label's share. */
  readonly labels: readonly LabelShare[];
  readonly readLabel: LabelReader | undefined;
}

export interface FeatureBins extends RangedFeature {
  readonly bins: Bins;
}

/** Bin i holds values above edge i - 1, up to and including edge i; the last is unbounded. */
export interface Bins {
  readonly edges: Float64Array;
  /** Share of the training rows per bin, without those whose value is missing. */
  readonly shares: readonly number[];
}

export interface LabelShare {
  readonly name: string;
  readonly share: number;
}

export function createTrainingBins(card: Card): TrainingBins {
  const { labels = [], data } = card;
  const known = labels.flatMap((name): LabelShare[] => {
    const share = data?.labelShares?.[name];
    return share === undefined ? [] : [{ name, share }];
  });
  const withBins = (feature: RangedFeature): FeatureBins => ({ ...feature, bins: toBins(feature) });
  return {
    features: rangedFeatures(card).map(withBins),
    categories: categoryBins(card),
    values: rangedOutputs(card).map(withBins),
    labels: known.length === labels.length ? known : [],
    readLabel: createLabelReader(card),
  };
}

/** Bins between the distinct quantiles; without quantiles one bin, which shows no drift. */
function toBins({ range: { quantiles = {}, shares }, round }: RangedFeature): Bins {
  const shareUpTo = new Map<number, number>();
  const ascending = Object.entries(quantiles).map(([share, value]) => ({ share: Number(share), value }));
  ascending.sort((a, b) => a.share - b.share);
  // Of equal quantiles, the last tells how many rows lie at or below the value.
  for (const { share, value } of ascending) shareUpTo.set(value, share);
  const upTo = [0, ...shareUpTo.values(), 1];
  const between = upTo.slice(1).map((share, i) => share - (upTo[i] as number));
  return { edges: Float64Array.from(shareUpTo.keys(), round), shares: shares ?? between };
}
