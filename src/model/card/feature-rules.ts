/** Rules for a card's features beyond the schema: one column per element, and values that fit their tensors. */
import { datatypes } from '../tensors/datatypes';
import { elementCount, isFree, rowSizes, rowWidth, type TensorSpec } from '../tensors/tensors';
import type { Card, Feature, FeatureRange } from './card';
import { findSharedCompanion, isCompanion } from './companions';
import { findTokenizerBreach } from './tokenizer-rules';

/** What rounded shares may exceed 1 by. */
const sumTolerance = 1e-3;

/** Throws an error that names the offending feature. */
export function checkFeatures(card: Card): void {
  const names = card.features.map(({ name }) => name);
  for (const [i, feature] of card.features.entries()) {
    const { name, input } = feature;
    if (names.indexOf(name) !== i) throw new Error(`The card has two features named "${name}".`);
    if (name === '__proto__')
      throw new Error('The card has a feature named "__proto__", which JSON Schema cannot describe.');
    const spec = card.inputs.find((tensor) => tensor.name === input);
    if (spec === undefined) throw new Error(`The card's feature "${name}" names the unknown input "${input}".`);
    const breach = findAnyBreach(card, feature, spec);
    if (breach !== undefined) throw new Error(`The card's feature "${name}" ${breach}.`);
  }
  for (const spec of card.inputs) checkColumns(card, spec);
}

/** Completes "The card's feature …". */
function findAnyBreach(card: Card, feature: Feature, spec: TensorSpec): string | undefined {
  return (
    findSharesBreach(feature.training) ??
    findCategoriesBreach(feature, spec) ??
    findTokenizerBreach(card, feature, spec) ??
    findBreach(feature, spec) ??
    findShapeBreach(feature, spec) ??
    findPadBreach(card, feature, spec) ??
    findSharedCompanion(card, feature)
  );
}

/** A value with free sizes is the whole row of its tensor, with or without the sizes of 1 in front. */
function findShapeBreach({ shape, column, tokenizer }: Feature, spec: TensorSpec): string | undefined {
  if (tokenizer !== undefined) return undefined;
  const sizes = rowSizes(spec);
  if (!isFree(spec))
    return shape?.includes(-1) === true ? `has the shape [${shape}]: expected no -1, as its input has none` : undefined;
  const left = sizes.length - (shape?.length ?? 0);
  const isWhole = column === 0 && shape?.every((size, i) => size === sizes[left + i]) === true;
  const isRestOnes = left >= 0 && sizes.slice(0, left).every((size) => size === 1);
  return isWhole && isRestOnes
    ? undefined
    : `is part of an input with free sizes: expected column 0 and the shape [${sizes}]`;
}

function findPadBreach({ inputs }: Card, { pad, shape = [] }: Feature, { datatype }: TensorSpec): string | undefined {
  if (pad === undefined) return undefined;
  const [size = -1, ...others] = shape;
  if (size === -1 || others.length > 0) return `has a pad and the shape [${shape}]: expected one fixed size`;
  const { read, expected } = datatypes[datatype];
  if (read(pad.value) === undefined) return `is padded with ${JSON.stringify(pad.value)}: expected ${expected}`;
  if (pad.mask === undefined) return undefined;
  const mask = inputs.find(({ name }) => name === pad.mask);
  return mask === undefined || isFree(mask) || rowWidth(mask) !== size || !datatypes[mask.datatype].isNumeric
    ? `has the mask "${pad.mask}": expected an input of ${size} numbers`
    : undefined;
}

function checkColumns({ features }: Card, spec: TensorSpec): void {
  if (isCompanion({ features }, spec)) return;
  if (isFree(spec)) return checkOwner(features, spec);
  const width = rowWidth(spec);
  const owners = new Array<string | undefined>(width).fill(undefined);
  for (const { name, input, column, shape = [], tokenizer } of features) {
    if (input !== spec.name) continue;
    const end = tokenizer === undefined ? column + elementCount(shape) : width;
    if (end > width)
      throw new Error(
        `The card's feature "${name}" fills column ${end - 1} of "${input}", which has ${width} columns.`,
      );
    const taken = owners.findIndex((owner, at) => owner !== undefined && at >= column && at < end);
    if (taken !== -1)
      throw new Error(`The card's features "${owners[taken]}" and "${name}" both fill column ${taken} of "${input}".`);
    owners.fill(name, column, end);
  }
  const free = owners.indexOf(undefined);
  if (free !== -1) throw new Error(`No feature of the card fills column ${free} of the input "${spec.name}".`);
}

function checkOwner(features: readonly Feature[], { name }: TensorSpec): void {
  const owners = features.filter(({ input }) => input === name);
  if (owners.length === 1) return;
  throw new Error(
    `The card has ${owners.length} features for the input "${name}", which has free sizes: expected one.`,
  );
}

/** Completes "The card's feature …" or "The card's output …". */
export function findSharesBreach({ quantiles = {}, shares }: Partial<FeatureRange> = {}): string | undefined {
  const expected = new Set(Object.values(quantiles)).size + 1;
  if (shares === undefined || shares.length === expected) return undefined;
  return `has ${shares.length} shares: expected ${expected}, one more than distinct quantiles`;
}

/** Shares may fall short of 1, by what the strings beyond the listed ones make up. */
function findCategoriesBreach(
  { categoryShares, shape, tokenizer }: Feature,
  { datatype }: TensorSpec,
): string | undefined {
  if (categoryShares === undefined) return undefined;
  const isPlain = shape === undefined && tokenizer === undefined;
  const { kind } = datatypes[datatype];
  if (!isPlain || (kind !== 'text' && kind !== 'boolean'))
    return 'has categoryShares: expected them of one string or boolean; numbers have a training range';
  const names = Object.keys(categoryShares);
  const strange = kind === 'boolean' ? names.find((name) => name !== 'true' && name !== 'false') : undefined;
  if (strange !== undefined) return `has a share of ${JSON.stringify(strange)}: expected "true" and "false"`;
  const sum = Object.values(categoryShares).reduce((total, share) => total + share, 0);
  return sum > 1 + sumTolerance ? `has categoryShares that add up to ${sum}: expected at most 1` : undefined;
}

function findBreach(feature: Feature, { datatype }: TensorSpec): string | undefined {
  const { shape, categories, nullable = false, default: fallback } = feature;
  const { read, expected, missing } = datatypes[datatype];
  if (nullable && missing === undefined)
    return `is nullable, but its input has the datatype ${datatype}, which can hold no missing value`;
  if (shape !== undefined && (categories !== undefined || fallback !== undefined))
    return 'is a tensor, which can have neither categories nor a default';
  const strange = categories?.find((category) => read(category) === undefined);
  if (strange !== undefined) return `has the category ${JSON.stringify(strange)}: expected ${expected}`;
  if (fallback === undefined) return undefined;
  if (fallback === null) return nullable ? undefined : 'has the default null, but is not nullable';
  if (read(fallback) === undefined) return `has the default ${JSON.stringify(fallback)}: expected ${expected}`;
  return isKnown(fallback, feature)
    ? undefined
    : `has the default ${JSON.stringify(fallback)}, which is not one of its categories`;
}

function isKnown(value: unknown, { categories, unknownCategories }: Feature): boolean {
  return categories === undefined || unknownCategories === 'pass' || categories.some((category) => category === value);
}
