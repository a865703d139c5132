/** The schemas of this deployment: what the card says of instances, predictions and tensors, in JSON Schema 2020-12. */
import type { Card } from '../../model/card';
import { arrayInstanceSchema, objectInstanceSchema } from '../../model/schemas';
import { bigQuerySchemas } from './calls';
import { driftSchema, flagMembers } from './drift';
import { envelope, eventSchemas } from './envelopes';
import { explanationSchemas } from './explanation';
import { type Json, ref } from './parts';
import { predictionSchema } from './predictions';
import { problemSchemas } from './problems';
import { tensorSchemas } from './tensors';

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
