/** Compares golden samples with what the weights answer, as many as there is time for. */
import {
  findMismatch,
  largestDifference,
  type Mismatch,
  readSamples,
  type Sample,
  spreadPlaces,
} from '../../model/acceptance/golden-samples';
import { describeMismatch } from '../../model/acceptance/sample-check';
import type { Card } from '../../model/card/card';
import type { Exchange, HookedExchange } from '../../model/hooks/exchange';
import type { Tensors } from '../../model/tensors/tensors';

export interface Comparing {
  readonly card: Card;
  readonly exchange: Exchange | HookedExchange;
}

export interface ChosenSamples {
  readonly samples: readonly Sample[];
  /** Where they stand among all. */
  readonly places: readonly number[];
  /** How many there are. */
  readonly count: number;
  readonly rows: Tensors;
}

/** Those that run within the time, spread over all, by how long the first takes. */
export async function chooseSamples(
  directory: string,
  { exchange }: Comparing,
  { run, ms }: { run(rows: Tensors): Promise<unknown>; readonly ms: number },
): Promise<ChosenSamples> {
  const all = readSamples(directory);
  if (all.length === 0)
    throw new Error('none found: expected at least one sample, to verify the predictions of the weights');
  const one = await exchange.toTensors(toPart(all.slice(0, 1)));
  // The first run is slower than the others.
  await run(one);
  const startedAt = performance.now();
  await run(one);
  const fitting = Math.max(1, Math.floor(ms / (performance.now() - startedAt)));
  const places = spreadPlaces(all.length, fitting);
  const samples = places.map((place) => all[place] as Sample);
  return { samples, places, count: all.length, rows: await exchange.toTensors(toPart(samples)) };
}

const toPart = (samples: readonly Sample[]) => ({
  instances: samples.map(({ instance }) => instance),
  pointer: '/samples',
  from: 0,
});

/** Throws an error that counts the samples that are answered otherwise, and describes the first. */
export async function compareSamples(
  { card, exchange }: Comparing,
  { samples, places, count }: ChosenSamples,
  outputs: Tensors,
): Promise<string> {
  const texts = await exchange.toAnswers(outputs, toPart(samples));
  const misfits = texts.flatMap((text) => ('findMisfit' in exchange ? (exchange.findMisfit(text) ?? []) : []));
  if (misfits.length > 0) throw new Error(`an answer does not match the card's schema of predictions: ${misfits[0]}`);
  const answers = texts.map((text) => JSON.parse(text) as unknown);
  const found = samples.map(({ prediction }, i) => findMismatch(prediction, answers[i], card.tolerance));
  const largest = Math.max(...samples.map(({ prediction }, i) => largestDifference(prediction, answers[i])));
  const first = found.findIndex((mismatch) => mismatch !== undefined);
  const difference = `largest difference ${largest.toExponential(1)}`;
  if (first === -1)
    return samples.length === count
      ? `all ${count} reproduced, ${difference}`
      : `${samples.length} of ${count} tried, for lack of time (--seconds gives more): all of these reproduced, ${difference}`;
  const wrong = found.filter((mismatch) => mismatch !== undefined).length;
  throw new Error(
    `${wrong} of ${samples.length} do not match, first sample ${places[first]}: ` +
      `${describeMismatch(found[first] as Mismatch, card)}; ${difference}`,
  );
}
