/** The schemas of instances and predictions: what the card says of both, in JSON Schema 2020-12. */
import type { Card } from '../model/card/card';
import { arrayInstanceSchema, objectInstanceSchema } from '../model/instances/schemas';
import { type Json, ref } from './json-schema';
import { predictionSchema } from './prediction-schemas';

export function instanceSchemas(card: Card): Json {
  return {
    InstanceArray: { description: 'The features in the order of the card.', ...arrayInstanceSchema(card), items: {} },
    InstanceObject: { description: 'The features by name.', ...objectInstanceSchema(card) },
    Instances: {
      description: 'Instances of one form.',
      anyOf: ['InstanceArray', 'InstanceObject'].map((name) => ({ type: 'array', minItems: 1, items: ref(name) })),
    },
    Prediction: predictionSchema(card),
  };
}
