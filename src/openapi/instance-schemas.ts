/** The schemas of instances and predictions, derived from the card, in JSON Schema 2020-12. */
import type { Card } from '../model/card/card';
import { toEmbedded } from '../model/card/hooks';
import { arrayInstanceSchema, objectInstanceSchema } from '../model/instances/schemas';
import { type Json, ref } from './json-schema';
import { predictionSchema } from './prediction-schemas';

export function instanceSchemas(card: Card): Json {
  const { hooks } = card;
  if (hooks !== undefined)
    return {
      Instances: {
        description: 'Instances, as the model’s hooks take them.',
        type: 'array',
        minItems: 1,
        items: toEmbedded(hooks.instance, 'instance'),
      },
      Prediction: predictionSchema(card),
    };
  return {
    InstanceArray: { description: 'Feature values in the order of the card.', ...arrayInstanceSchema(card), items: {} },
    InstanceObject: { description: 'Feature values by name.', ...objectInstanceSchema(card) },
    Instances: {
      description: 'Instances, all arrays or all objects.',
      anyOf: ['InstanceArray', 'InstanceObject'].map((name) => ({ type: 'array', minItems: 1, items: ref(name) })),
    },
    Prediction: predictionSchema(card),
  };
}
