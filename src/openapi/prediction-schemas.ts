/** The schemas of a prediction and of its members, which BigQuery may request alone. */
import type { Card } from '../model/card/card';
import { toEmbedded } from '../model/card/hooks';
import { tasks } from '../model/predictions/tasks';
import { findErrors, greatestCoverage } from '../model/predictions/uncertainty';
import { numberOrNull } from '../model/tensors/elements';
import { type Json, record } from './json-schema';

/** The members of a prediction; none for a model that answers tensors by name. */
export function memberSchemas(card: Card): ReadonlyMap<string, Json> {
  if (card.hooks !== undefined) return new Map();
  const { hasNamedMembers, memberSchemas: toSchemas } = tasks[card.task];
  return hasNamedMembers ? toSchemas(card) : new Map();
}

export function predictionSchema(card: Card): Json {
  if (card.hooks !== undefined) return toEmbedded(card.hooks.prediction, 'prediction');
  const members = tasks[card.task].memberSchemas(card);
  const properties = { ...Object.fromEntries(members), ...setSchemas(card) };
  return { type: 'object', required: [...members.keys()], properties };
}

/** What a prediction has for callers that ask for a coverage, by name; nothing if the card has no uncertainty. */
export function setSchemas(card: Card): Json {
  const errors = findErrors(card);
  if (errors === undefined) return {};
  const set =
    errors.setName === 'interval'
      ? record({ lower: numberOrNull, upper: numberOrNull })
      : { type: 'array', items: { enum: card.labels }, uniqueItems: true };
  const description = 'Holds the truth for the requested share of rows.';
  return { [errors.setName]: { description, ...set } };
}

/** What callers may ask for, by name. */
export function coverageParameter(card: Card): Json {
  const errors = findErrors(card);
  if (errors === undefined) return {};
  const description = `The share of rows whose ${errors.setName} is to hold the truth. ${errors.rows} calibration rows allow no more than the maximum.`;
  const maximum = greatestCoverage(errors);
  return { coverage: { description, type: ['number', 'null'], exclusiveMinimum: 0, maximum } };
}

/** What an answer says of the sets, by name. */
export function coverageMember(card: Card): Json {
  if (findErrors(card) === undefined) return {};
  const properties = {
    requested: { type: 'number' },
    rows: { description: 'Number of calibration rows.', type: 'integer', minimum: 1 },
    warning: { description: 'Why fewer sets than requested may hold the truth: drift.', type: 'string' },
  };
  return { coverage: { type: 'object', required: ['requested', 'rows'], properties } };
}
