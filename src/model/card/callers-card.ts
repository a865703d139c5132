/** A card as callers see it: where hooks make the features, what callers send stands in their place, a value for each property. */
import type { Datatype } from '../tensors/datatypes';
import type { TensorSpec } from '../tensors/tensors';
import type { Card, Feature } from './card';
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
  const { hooks } = card;
  if (hooks === undefined) return card;
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
