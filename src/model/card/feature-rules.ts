/** What a card's features must keep beyond their schema: a column for each element, and values that their tensors take. */

import { datatypes } from '../tensors/datatypes';
import { rowWidth, type TensorSpec } from '../tensors/tensors';
import type { Card, Feature } from './card';

/** Throws an error that names the feature that breaks a rule. */
export function checkFeatures(card: Card): void {
  const names = card.features.map(({ name }) => name);
  for (const [i, feature] of card.features.entries()) {
    const { name, input } = feature;
    if (names.indexOf(name) !== i) throw new Error(`The card has two features with the name "${name}".`);
    if (name === '__proto__')
      throw new Error('The card has a feature with the name "__proto__", which JSON Schema cannot describe.');
    const spec = card.inputs.find((tensor) => tensor.name === input);
    if (spec === undefined)
      throw new Error(
        `The feature "${name}" of the card goes into the input "${input}", which the card does not have.`,
      );
    checkShares(feature);
    const breach = findBreach(feature, spec);
    if (breach !== undefined) throw new Error(`The feature "${name}" of the card ${breach}.`);
  }
  for (const spec of card.inputs) checkColumns(card, spec);
}

function checkColumns({ features }: Card, spec: TensorSpec): void {
  const width = rowWidth(spec);
  const owners = new Array<string | undefined>(width).fill(undefined);
  for (const { name, input, column, shape = [] } of features) {
    if (input !== spec.name) continue;
    const end = column + shape.reduce((product, length) => product * length, 1);
    if (end > width) throw new Error(`The feature "${name}" is column ${end - 1} of "${input}", which has ${width}.`);
    const taken = owners.findIndex((owner, at) => owner !== undefined && at >= column && at < end);
    if (taken !== -1)
      throw new Error(`The features "${owners[taken]}" and "${name}" are both column ${taken} of "${input}".`);
    owners.fill(name, column, end);
  }
  const free = owners.indexOf(undefined);
  if (free !== -1) throw new Error(`No feature of the card fills column ${free} of the input "${spec.name}".`);
}

function checkShares({ name, training }: Feature): void {
  const { quantiles = {}, shares } = training ?? {};
  const expected = new Set(Object.values(quantiles)).size + 1;
  if (shares === undefined || shares.length === expected) return;
  throw new Error(
    `The feature "${name}" of the card has ${shares.length} shares; its distinct quantiles part its values into ${expected}.`,
  );
}

function findBreach(feature: Feature, { datatype }: TensorSpec): string | undefined {
  const { shape, categories, nullable = false, default: fallback } = feature;
  const { read, expected, kind } = datatypes[datatype];
  if (nullable && kind !== 'number')
    return `may be missing, but its input has the datatype ${datatype}, which has no word for that`;
  if (shape !== undefined && (categories !== undefined || fallback !== undefined))
    return 'is a tensor itself, which has neither categories nor a default';
  const strange = categories?.find((category) => read(category) === undefined);
  if (strange !== undefined) return `has the category ${JSON.stringify(strange)}: expected ${expected}`;
  if (fallback === undefined) return undefined;
  if (fallback === null) return nullable ? undefined : 'has the default null, but may not be missing';
  if (read(fallback) === undefined) return `has the default ${JSON.stringify(fallback)}: expected ${expected}`;
  return isKnown(fallback, feature) ? undefined : `has the default ${JSON.stringify(fallback)}, which is no category`;
}

function isKnown(value: unknown, { categories, unknownCategories }: Feature): boolean {
  return categories === undefined || unknownCategories === 'pass' || categories.some((category) => category === value);
}
