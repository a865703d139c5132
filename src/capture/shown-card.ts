/** The card without its rows of training data, which hold values of private features, too. */
import type { Card, Feature } from '../model/card/card';

export function toShownCard({ data, ...card }: Card): object {
  return { ...card, features: card.features.map(toShownFeature) };
}

/** Where a private feature is, and not what it was in training. */
function toShownFeature(feature: Feature): object {
  const { name, input, column, shape } = feature;
  return feature.private === true ? { name, input, column, shape, private: true } : feature;
}
