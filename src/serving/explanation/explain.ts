/** Explains predictions by Shapley values: checks the request against the card and the limits, then computes. */
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

/** With more features there are too many coalitions to run all of them. */
export const maxExactFeatures = 10;
const defaultPermutations = 16;

export interface ExplainRequest {
  readonly instances: unknown;
  /** JSON Pointer to the instances in the request. */
  readonly pointer: string;
  /** `permutations` and `seed`, for models with many features. */
  readonly parameters: unknown;
}

export interface Explained {
  readonly method: Coalitions['method'];
  /** Per instance: one explanation per probability, or one for the value. */
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

/** The card's background rows as tensors. Throws the problem `not-explainable` if it has none. */
function readBackground({ card, contract }: Model): Tensors {
  if (findExplained(card) === undefined)
    throw new Problem(
      'not-explainable',
      'Explanations need a model that answers probabilities or one value; this one answers neither.',
    );
  const background = card.data?.background;
  if (background === undefined)
    throw new Problem(
      'not-explainable',
      'Explanations compare with training rows under "data", "background" of the model card; it has none.',
    );
  try {
    return finish(contract.readInstances(background, '/data/background'));
  } catch (cause) {
    throw new Error('The background of the model card is invalid.', { cause });
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

/** Checks the cost of a request before anything runs. */
function checkCount(instances: unknown, { count }: Coalitions, rows: number, maxRows: number): void {
  const maxInstances = Math.floor(maxRows / (count * rows));
  const each = `each takes ${count * rows} model rows (${count} coalitions × ${rows} background rows)`;
  if (maxInstances === 0)
    throw new Problem(
      'not-explainable',
      `One instance exceeds the limit of ${maxRows} rows per request: ${each}. Shorten the background of the model card, or raise MAX_REQUEST_ROWS.`,
    );
  if (!Array.isArray(instances) || instances.length <= maxInstances) return;
  const detail = `Expected at most ${maxInstances} instances, got ${instances.length}: ${each}, and the limit is ${maxRows} per request. Send them in several requests.`;
  throw new Problem('too-many-rows', detail);
}
