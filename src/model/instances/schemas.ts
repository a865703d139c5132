/** Builds the JSON Schemas (2020-12) of an instance, in its two forms, from the card. */
import { type Card, type Feature, usualMaxCharacters } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { type Lengths, nestedArray, type Schema } from '../tensors/elements';
import type { TensorSpec } from '../tensors/tensors';

/** Categories given as examples when unknown ones are accepted. */
const exampleCount = 20;

/** What becomes ids. Its length is checked while it does: validators of the build import nothing. */
const text: Schema = { type: 'string' };

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
  return {
    type: 'object',
    properties: Object.fromEntries(card.features.map((feature) => [feature.name, toSchema(card, feature)])),
    required: card.features.filter((feature) => feature.default === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** The complete schema of a value, for readers. */
export function featureSchema(card: Card, feature: Feature): Schema {
  const { shape = [], default: fallback, pad, tokenizer } = feature;
  if (tokenizer !== undefined) return { ...text, maxLength: tokenizer.maxCharacters ?? usualMaxCharacters };
  const bounds = pad === undefined ? boundsOf(card, feature) : { most: shape, least: [1] };
  const lengths = pad === undefined ? shape : [-1];
  const schema = nestedArray(lengths, elementSchema(card, feature), bounds);
  return fallback === undefined ? schema : { ...schema, default: fallback };
}

function boundsOf({ inputs }: Card, { input, shape = [] }: Feature): Lengths {
  const { maxShape = [], minShape = maxShape.map((limit) => Math.min(limit, 1)) } = inputs.find(
    ({ name }) => name === input,
  ) as TensorSpec;
  return {
    most: maxShape.slice(maxShape.length - shape.length),
    least: minShape.slice(minShape.length - shape.length),
  };
}

/** What a validator checks: nested arrays are checked later, while they are read into tensors. */
export const checkedSchema: ToSchema = (card, feature) => {
  if (feature.tokenizer !== undefined) return text;
  return feature.shape === undefined ? elementSchema(card, feature) : { type: 'array' };
};

// The card rules guarantee that the feature's input exists.
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
