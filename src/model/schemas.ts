/** Model card to JSON Schema (2020-12): what an instance must look like, in its two forms. */
import type { Card, Feature } from './card';
import type { Datatype, TensorSpec } from './tensors';

export type Schema = Readonly<Record<string, unknown>>;

const largestFloat32 = 3.4028234663852886e38;

const valueSchemas: Readonly<Record<Datatype, Schema>> = {
  BOOL: { type: 'boolean' },
  UINT8: { type: 'integer', minimum: 0, maximum: 255 },
  UINT16: { type: 'integer', minimum: 0, maximum: 65_535 },
  UINT32: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
  UINT64: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  INT8: { type: 'integer', minimum: -128, maximum: 127 },
  INT16: { type: 'integer', minimum: -32_768, maximum: 32_767 },
  INT32: { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 },
  INT64: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  FP32: { type: 'number', minimum: -largestFloat32, maximum: largestFloat32 },
  FP64: { type: 'number' },
  BYTES: { type: 'string' },
};

/** The schema of an instance given as values in feature order. */
export function arrayInstanceSchema(card: Card): Schema {
  const arity = card.features.length;
  return {
    type: 'array',
    prefixItems: card.features.map((feature) => featureSchema(card, feature)),
    minItems: arity,
    maxItems: arity,
  };
}

/** The schema of an instance given as an object keyed by feature name. */
export function objectInstanceSchema(card: Card): Schema {
  const properties = card.features.map((feature) => [feature.name, featureSchema(card, feature)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: card.features.map(({ name }) => name),
    additionalProperties: false,
  };
}

// The rules of cards have made sure that every feature goes into an input that is there.
function featureSchema({ inputs }: Card, feature: Feature): Schema {
  const { datatype } = inputs.find(({ name }) => name === feature.input) as TensorSpec;
  return valueSchemas[datatype];
}
