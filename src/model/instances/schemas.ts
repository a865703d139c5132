/** Model card to JSON Schema (2020-12): what an instance must look like, in its two forms. */
import type { Card, Feature } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import type { Schema } from '../tensors/elements';
import type { TensorSpec } from '../tensors/tensors';

/** Categories that a schema gives as examples, where others are taken, too. */
const exampleCount = 20;

/** The schema of one feature's value. */
type ToSchema = (card: Card, feature: Feature) => Schema;

/** The schema of an instance given as values in feature order. */
export function arrayInstanceSchema(card: Card, toSchema: ToSchema = featureSchema): Schema {
  const arity = card.features.length;
  return {
    type: 'array',
    prefixItems: card.features.map((feature) => toSchema(card, feature)),
    minItems: arity,
    maxItems: arity,
  };
}

/** The schema of an instance given as an object keyed by feature name. */
export function objectInstanceSchema(card: Card, toSchema: ToSchema = featureSchema): Schema {
  const properties = card.features.map((feature) => [feature.name, toSchema(card, feature)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: card.features.filter((feature) => feature.default === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** All that a value must be, as readers want to see it. */
export function featureSchema(card: Card, feature: Feature): Schema {
  const { shape = [], default: fallback } = feature;
  const schema = shape.reduceRight<Schema>(
    (items, length) => ({ type: 'array', items, minItems: length, maxItems: length }),
    elementSchema(card, feature),
  );
  return fallback === undefined ? schema : { ...schema, default: fallback };
}

/** What a validator looks at: whoever fills tensors from nested arrays looks at those in the same walk. */
export const checkedSchema: ToSchema = (card, feature) =>
  feature.shape === undefined ? elementSchema(card, feature) : { type: 'array' };

// The rules of cards have made sure that every feature goes into an input that is there.
function elementSchema({ inputs }: Card, feature: Feature): Schema {
  const { categories, unknownCategories = 'refuse', nullable = false } = feature;
  const { datatype } = inputs.find(({ name }) => name === feature.input) as TensorSpec;
  const schema = datatypes[datatype].valueSchema;
  if (categories !== undefined && unknownCategories === 'refuse')
    return { enum: nullable ? [...categories, null] : categories };
  return {
    ...schema,
    ...(nullable && { type: [schema.type, 'null'] }),
    ...(categories !== undefined && { examples: categories.slice(0, exampleCount) }),
  };
}
