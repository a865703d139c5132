/** Rules for a feature that is a text: it fills the whole of an input of ids, and of the mask and the types beside it. */
import { datatypes } from '../tensors/datatypes';
import { rowSizes, type TensorSpec } from '../tensors/tensors';
import type { Card, Feature } from './card';
import { companionsOf } from './companions';

/** What a text cannot have: its values are texts, and the tokenizer fills up by itself. */
const strangers = ['shape', 'pad', 'categories', 'default', 'nullable'] as const;

/** Completes "The card's feature …". */
export function findTokenizerBreach(card: Card, feature: Feature, spec: TensorSpec): string | undefined {
  if (feature.tokenizer === undefined) return undefined;
  const stranger = strangers.find((member) => feature[member] !== undefined);
  if (stranger !== undefined) return `has a tokenizer and the member "${stranger}", which a text cannot have`;
  const owners = card.features.filter(({ input }) => input === spec.name);
  if (owners.length > 1 || feature.column !== 0)
    return `has a tokenizer: expected it to fill "${spec.name}" alone, from column 0`;
  if (datatypes[spec.datatype].kind !== 'integer' || !isVector(spec))
    return `has a tokenizer and an input of ${describe(spec)}: expected a vector of integers, such as INT64[-1, 128]`;
  for (const name of companionsOf(feature)) {
    const companion = card.inputs.find((input) => input.name === name);
    if (companion === undefined) return `fills the unknown input "${name}"`;
    if (!datatypes[companion.datatype].isNumeric || !isAlike(companion, spec))
      return `fills "${name}" of ${describe(companion)}: expected numbers with the sizes of "${spec.name}", ${describe(spec)}`;
  }
  return undefined;
}

function isVector(spec: TensorSpec): boolean {
  const sizes = rowSizes(spec);
  return sizes.length > 0 && sizes.slice(0, -1).every((size) => size === 1);
}

/** Whether rows of both can have the same sizes. */
function isAlike(one: TensorSpec, other: TensorSpec): boolean {
  return (['shape', 'maxShape', 'minShape'] as const).every((member) => `${one[member]}` === `${other[member]}`);
}

function describe({ datatype, shape, maxShape }: TensorSpec): string {
  return `${datatype}[${shape.join(', ')}]${maxShape === undefined ? '' : ` up to [${maxShape.join(', ')}]`}`;
}
