/** The schemas of this deployment: what the card says of instances, predictions and tensors, in JSON Schema 2020-12. */
import type { Card } from '../model/card/card';
import { arrayInstanceSchema, objectInstanceSchema } from '../model/instances/schemas';
import { bigQuerySchemas } from '../protocols/bigquery/call-schemas';
import { explanationSchemas } from '../protocols/kserve-v1/explain-openapi';
import { tensorSchemas } from '../protocols/open-inference/tensor-schemas';
import { driftSchema, flagMembers } from './drift-schemas';
import { envelope, eventSchemas } from './envelope-schemas';
import { type Json, ref } from './operations';
import { predictionSchema } from './prediction-schemas';
import { problemSchemas } from './problem-schemas';

export function createSchemas(card: Card): Json {
  return {
    ...instanceSchemas(card),
    ...problemSchemas(),
    Drift: driftSchema(card),
    ...explanationSchemas(card),
    ...eventSchemas(),
    ...bigQuerySchemas(card),
    ...tensorSchemas(card),
  };
}

function instanceSchemas(card: Card): Json {
  return {
    InstanceArray: { description: 'The features in the order of the card.', ...arrayInstanceSchema(card), items: {} },
    InstanceObject: { description: 'The features by name.', ...objectInstanceSchema(card) },
    Instances: {
      description: 'Instances of one form.',
      anyOf: ['InstanceArray', 'InstanceObject'].map((name) => ({ type: 'array', minItems: 1, items: ref(name) })),
    },
    Prediction: predictionSchema(card),
    PredictRequest: envelope('instances', 'inputs', 'calls'),
    PredictInputsRequest: envelope('inputs', 'instances', 'calls'),
    PredictAnswer: {
      type: 'object',
      required: ['predictions'],
      properties: {
        predictions: { description: 'One for each instance, in order.', type: 'array', items: ref('Prediction') },
        ...flagMembers(card),
      },
    },
  };
}
