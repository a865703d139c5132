/** A card as callers see it: with what they send in the place of features that hooks make, and texts in the place of ids. */
import type { Datatype } from '../tensors/datatypes';
import type { TensorSpec } from '../tensors/tensors';
import type { Card, Feature } from './card';
import { companionsOf } from './companions';
import type { HooksSpec } from './hooks';

interface Property {
  readonly type?: unknown;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: string | number | boolean | null;
}

/** JSON Schema's types of single values, and how they lie in a tensor; any other value is nested. */
const datatypes = new Map<unknown, Datatype>([
  ['string', 'BYTES'],
  ['number', 'FP64'],
  ['integer', 'INT32'],
  ['boolean', 'BOOL'],
]);

export function toCallersCard(card: Card): Card {
  const { hooks, features } = card;
  if (hooks !== undefined) return toHooked(card, hooks);
  return features.some(({ tokenizer }) => tokenizer !== undefined) ? withTexts(card) : card;
}

/** A text is one value, in an input of its own. */
function withTexts(card: Card): Card {
  const texts = card.features.filter(({ tokenizer }) => tokenizer !== undefined);
  const filled = texts.flatMap((feature) => [feature.input, ...companionsOf(feature)]);
  return {
    ...card,
    inputs: [
      ...texts.map(({ input }): TensorSpec => ({ name: input, datatype: 'BYTES', shape: [-1, 1] })),
      ...card.inputs.filter(({ name }) => !filled.includes(name)),
    ],
  };
}

/** A value for each property of an instance. */
function toHooked(card: Card, hooks: HooksSpec): Card {
  const values = Object.entries(hooks.instance.properties ?? {}) as readonly (readonly [string, Property])[];
  return {
    ...card,
    inputs: values.map(
      ([name, { type }]): TensorSpec => ({ name, datatype: datatypes.get(type) ?? 'BYTES', shape: [-1, 1] }),
    ),
    features: values.map(([name, property]) => toFeature(name, property, hooks)),
    data: {},
  };
}

function toFeature(name: string, property: Property, { instance }: HooksSpec): Feature {
  const { type, description, enum: categories, default: fallback = null } = property;
  const { required = [] } = instance as { readonly required?: readonly string[] };
  return {
    name,
    input: name,
    column: 0,
    ...(description !== undefined && { description }),
    ...(categories !== undefined && { categories }),
    ...(!required.includes(name) && { default: fallback }),
    ...(!datatypes.has(type) && { shape: [1] }),
  };
}
