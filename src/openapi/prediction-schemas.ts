/** The schemas of a prediction and of its members, which BigQuery may request alone. */
import type { Card } from '../model/card/card';
import { toEmbedded } from '../model/card/hooks';
import { tasks } from '../model/predictions/tasks';
import type { Json } from './json-schema';

/** The members of a prediction; none for a model that answers tensors by name. */
export function memberSchemas(card: Card): ReadonlyMap<string, Json> {
  if (card.hooks !== undefined) return new Map();
  const { hasNamedMembers, memberSchemas: toSchemas } = tasks[card.task];
  return hasNamedMembers ? toSchemas(card) : new Map();
}

export function predictionSchema(card: Card): Json {
  if (card.hooks !== undefined) return toEmbedded(card.hooks.prediction, 'prediction');
  const members = tasks[card.task].memberSchemas(card);
  return { type: 'object', required: [...members.keys()], properties: Object.fromEntries(members) };
}
