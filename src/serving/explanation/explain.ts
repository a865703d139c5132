/** Instances to the share of every feature in their predictions: what is asked, held to the card and the limits, then computed. */
import type { Job, JobEvent } from '../../model/batching/job';
import type { Card } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { findExplained } from '../../model/predictions/tasks';
import type { Tensors } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import { finish, inTurns } from '../../turns';
import { allCoalitions, type Coalitions, sampledCoalitions } from './coalitions';
import { computeExplanations, type Explanation } from './explanations';

/** Beyond so many features there are too many coalitions to run them all. */
export const maxExactFeatures = 10;
const defaultPermutations = 16;

export interface ExplainRequest {
  readonly instances: unknown;
  /** JSON Pointer to where they stand in the request. */
  readonly pointer: string;
  /** `permutations` and `seed`, for models of many features. */
  readonly parameters: unknown;
}

export interface Explained {
  readonly method: Coalitions['method'];
  /** For each instance, one for each probability, or for the value. */
  readonly explanations: readonly (readonly Explanation[])[];
}

interface Caller extends Pick<Job, 'isGone'> {
  readonly event: JobEvent;
}

export async function explain(
  model: Model,
  { instances: asked, pointer, parameters }: ExplainRequest,
  { event, isGone }: Caller,
): Promise<Explained> {
  const { card, contract, limits } = model;
  const background = readBackground(model);
  const coalitions = chooseCoalitions(card, parameters, Math.floor(limits.maxRequestRows / background.rows));
  checkCount(asked, coalitions, background.rows, limits.maxRequestRows);
  const instances = await inTurns(contract.readInstances(asked, pointer), isGone);
  const explanations = await computeExplanations(model, { instances, background, coalitions, event, isGone });
  return { method: coalitions.method, explanations };
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
