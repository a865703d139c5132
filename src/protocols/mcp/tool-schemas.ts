/** The JSON Schemas of tools, written for agents: each feature with its meaning, unit and range. */
import type { Card, Feature } from '../../model/card/card';
import { toEmbedded } from '../../model/card/hooks';
import { featureSchema, objectInstanceSchema } from '../../model/instances/schemas';
import type { Json } from '../../openapi/json-schema';
import { coverageMember, predictionSchema } from '../../openapi/prediction-schemas';

/** What a tool takes: a list of rows, and what its `others` are. */
export function inputSchema(card: Card, maxRows: number, others: Json = {}): Json {
  return {
    type: 'object',
    properties: {
      instances: {
        description: 'The rows, each an object with the value of every feature.',
        type: 'array',
        minItems: 1,
        maxItems: maxRows,
        items: card.hooks ? toEmbedded(card.hooks.instance, 'instance') : objectInstanceSchema(card, describedFeature),
      },
      ...others,
    },
    required: ['instances'],
    additionalProperties: false,
  };
}

function describedFeature(card: Card, feature: Feature): Json {
  const { description, unit, training } = feature;
  const parts = [
    description,
    unit === undefined ? undefined : `In ${unit}.`,
    training === undefined ? undefined : `Training data: ${training.minimum} to ${training.maximum}.`,
  ].filter((part) => part !== undefined);
  return { ...featureSchema(card, feature), ...(parts.length > 0 && { description: parts.join(' ') }) };
}

export function predictionsSchema(card: Card): Json {
  return {
    type: 'object',
    properties: {
      predictions: { description: 'One per row, in order.', type: 'array', items: predictionSchema(card) },
      ...coverageMember(card),
    },
    required: ['predictions'],
  };
}

export const explanationsSchema: Json = {
  type: 'object',
  properties: {
    explanations: {
      description: 'One per row, in order. The contributions of the features add up to the prediction minus the base.',
      type: 'array',
      items: { type: 'object' },
    },
    method: { enum: ['exact', 'permutations'] },
  },
  required: ['explanations', 'method'],
};

export const descriptionSchema: Json = {
  type: 'object',
  properties: {
    model: { type: 'object' },
    features: { type: 'array', items: { type: 'object' } },
    labels: { type: 'array', items: { type: 'string' } },
    max_rows: { description: 'Rows of one call.', type: 'integer' },
  },
  required: ['model', 'features', 'max_rows'],
};
