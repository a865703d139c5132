/** The schemas of instances and predictions, derived from the card, in JSON Schema 2020-12. */
import type { Card } from '../model/card/card';
import { toEmbedded } from '../model/card/hooks';
import { arrayInstanceSchema, objectInstanceSchema } from '../model/instances/schemas';
import { either, type Json, ref } from './json-schema';
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
  const arrays = arrayInstanceSchema(card);
  return {
    InstanceArray: { description: 'Feature values in the order of the card.', ...arrays, items: commonType(arrays) },
    InstanceObject: { description: 'Feature values by name.', ...objectInstanceSchema(card) },
    Instances: {
      description: 'Instances, all arrays or all objects.',
      type: 'array',
      minItems: 1,
      // Not a union of two kinds of arrays: generated clients take every list for the first kind.
      items: either([ref('InstanceArray'), ref('InstanceObject')]),
      not: { allOf: [{ contains: { type: 'array', items: {} } }, { contains: { type: 'object' } }] },
    },
    Prediction: predictionSchema(card),
  };
}

/** What generated clients take for a value where all features are of one plain type. */
function commonType({ prefixItems }: Json): Json {
  const types = new Set((prefixItems as readonly Json[]).map(({ type }) => type));
  const [only] = types;
  return types.size === 1 && typeof only === 'string' && only !== 'array' ? { type: only } : {};
}
