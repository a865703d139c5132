/** What drift is measured against: the bins of a card's features and the shares of its labels in training. */
import type { Card } from '../../model/card/card';
import { type RangedFeature, rangedFeatures } from '../../model/instances/training-ranges';
import { createLabelReader, type LabelReader } from '../../model/predictions/labels';

export interface TrainingBins {
  readonly features: readonly FeatureBins[];
  /** None for a model without labels, and where the card leaves a share out. */
  readonly labels: readonly LabelShare[];
  readonly readLabel: LabelReader | undefined;
}

export interface FeatureBins extends RangedFeature {
  readonly bins: Bins;
}

/** Bin i holds the values above edge i - 1, up to and with edge i; the last has no end. */
export interface Bins {
  readonly edges: Float64Array;
  /** Shares of the training rows, one a bin. */
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
  return {
    features: rangedFeatures(card).map((feature) => ({ ...feature, bins: toBins(feature) })),
    labels: known.length === labels.length ? known : [],
    readLabel: createLabelReader(card),
  };
}

/** The bins between the distinct quantiles; one bin, which tells nothing, without quantiles. */
function toBins({ range: { quantiles = {}, shares }, round }: RangedFeature): Bins {
  const shareUpTo = new Map<number, number>();
  const ascending = Object.entries(quantiles).map(([share, value]) => ({ share: Number(share), value }));
  ascending.sort((a, b) => a.share - b.share);
  // Of quantiles with the same value the last says how many rows lie at or below it.
  for (const { share, value } of ascending) shareUpTo.set(value, share);
  const upTo = [0, ...shareUpTo.values(), 1];
  const between = upTo.slice(1).map((share, i) => share - (upTo[i] as number));
  return { edges: Float64Array.from(shareUpTo.keys(), round), shares: shares ?? between };
}
