/** KServe V1's `:explain`: instances to the share of every feature in their predictions. */

import { type HttpReply, type HttpRequest, jsonHeaders } from '../../http/message';
import type { Card } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { findExplained } from '../../model/predictions/explained';
import type { Tensors } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import { allCoalitions, type Coalitions, sampledCoalitions } from '../../serving/explanation/coalitions';
import { type Explanation, explain } from '../../serving/explanation/explain';
import { finish, inTurns, type Work } from '../../turns';
import type { Envelope } from '../shared/envelope';
import { createReplyText, type ReplyLimit } from '../shared/reply-text';

/** Beyond so many features there are too many coalitions to run them all. */
export const maxExactFeatures = 10;
const defaultPermutations = 16;
/** Digits of the largest number of an explanation; the others have as many decimals, and never fewer than add up well. */
const digits = 9;
const leastDecimals = 7;

/** Answers a body with instances. Throws the problems of its other members. */
export async function explainInstances(model: Model, envelope: Envelope, request: HttpRequest): Promise<HttpReply> {
  const { card, contract, limits } = model;
  const { event, isGone } = request;
  const background = readBackground(model);
  const coalitions = chooseCoalitions(card, envelope.parameters, Math.floor(limits.maxRequestRows / background.rows));
  checkCount(envelope.instances, coalitions, background.rows, limits.maxRequestRows);
  const instances = await inTurns(contract.readInstances(envelope.instances, '/instances'), isGone);
  const explanations = await explain(model, { instances, background, coalitions, event, isGone });
  return inTurns(writeReply(card, coalitions, explanations, { maxBytes: limits.maxReplyBytes }), isGone);
}

/** The card's background in the model's tensors; a problem where it has none. */
function readBackground({ card, contract }: Model): Tensors {
  if (findExplained(card) === undefined)
    throw new Problem(
      'not-explainable',
      'The model answers neither probabilities nor one value, which could be shared out.',
    );
  const background = card.data?.background;
  if (background === undefined)
    throw new Problem(
      'not-explainable',
      'The model card has no background: training rows under "data", "background" that predictions are compared with.',
    );
  try {
    return finish(contract.readInstances(background, '/data/background'));
  } catch (cause) {
    throw new Error('The background of the card is not readable.', { cause });
  }
}

function chooseCoalitions({ features: { length } }: Card, parameters: unknown, most: number): Coalitions {
  if (length <= maxExactFeatures) return allCoalitions(length);
  const maxPermutations = Math.max(1, Math.floor((most - 2) / (2 * (length - 1))));
  const permutations = readInteger(parameters, 'permutations', 1, maxPermutations);
  const seed = readInteger(parameters, 'seed', 0, 2 ** 32 - 1);
  return sampledCoalitions(length, permutations ?? Math.min(defaultPermutations, maxPermutations), seed ?? 0);
}

function readInteger(parameters: unknown, name: string, minimum: number, maximum: number): number | undefined {
  const value = (parameters as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) return value as number;
  const detail = `expected an integer from ${minimum} to ${maximum}, got ${describeValue(value)}`;
  throw invalidInput([{ pointer: `/parameters/${name}`, detail }]);
}

/** How much will run for a request is known before anything does. */
function checkCount(instances: unknown, { count }: Coalitions, rows: number, maxRows: number): void {
  const most = Math.floor(maxRows / (count * rows));
  const each = `each takes ${count * rows} rows of the model (${count} coalitions of ${rows} background rows)`;
  if (most === 0)
    throw new Problem(
      'not-explainable',
      `An instance is too much: ${each}, of which one request may have ${maxRows}. Shorten the background of the model card, or raise MAX_REQUEST_ROWS.`,
    );
  if (!Array.isArray(instances) || instances.length <= most) return;
  const detail = `Expected at most ${most} instances, because ${each}, of which one request may have ${maxRows}; got ${instances.length}: send them in several.`;
  throw new Problem('too-many-rows', detail);
}

function* writeReply(
  card: Card,
  { method }: Coalitions,
  explanations: readonly (readonly Explanation[])[],
  limit: ReplyLimit,
): Work<HttpReply> {
  const text = createReplyText(limit);
  text.add('{"explanations":[');
  for (const [row, outputs] of explanations.entries()) {
    text.add(`${row > 0 ? ',' : ''}${JSON.stringify(toMember(card, outputs))}`);
    yield;
  }
  text.add(`],"method":${JSON.stringify(method)}}`);
  return { status: 200, headers: jsonHeaders, body: text.end() };
}

/** As a prediction has them: a member for each label under `probabilities`, or `value`. */
function toMember({ task, labels = [], features }: Card, outputs: readonly Explanation[]): object {
  const members = outputs.map((output) => toParts(features, output));
  if (task === 'regression') return { value: members[0] };
  return { probabilities: Object.fromEntries(labels.map((label, i) => [label, members[i]])) };
}

function toParts(features: Card['features'], { base, prediction, shares }: Explanation): object {
  const largest = Math.max(...[base, prediction, ...shares].filter(Number.isFinite).map(Math.abs), 0);
  const decimals = Math.max(leastDecimals, digits - 1 - Math.floor(Math.log10(largest || 1)));
  // "-0" is no number that anyone wants to read. What the model has no number for has none in JSON either, and is null.
  const round = (value: number) => Number(value.toFixed(Math.min(100, decimals))) + 0;
  return {
    base: round(base),
    prediction: round(prediction),
    contributions: Object.fromEntries(features.map(({ name }, i) => [name, round(shares[i] as number)])),
  };
}
