/** Compares a run of the model with the golden samples. */
import { finish } from '../../turns';
import type { Card } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import type { Exchange, HookedExchange } from '../hooks/exchange';
import type { Contract } from '../instances/contract';
import { describeValue, quote } from '../instances/faults';
import { defaultTolerance } from '../tensors/differences';
import type { Tensors } from '../tensors/tensors';
import { findMismatch, largestDifference, type Mismatch, type Sample } from './golden-samples';

/** Converts instances to input tensors. Throws `invalid-input` when one does not match the card. */
export function toRows(instances: readonly unknown[], contract: Contract): Tensors {
  return finish(contract.readInstances(instances, '/samples'));
}

interface Checked {
  readonly card: Card;
  readonly exchange: Exchange | HookedExchange;
}

/** Throws an error that names the first sample with another prediction; answer i, as text, belongs to sample `places[i]`. */
export function checkSamples(
  samples: readonly Sample[],
  places: readonly number[],
  answers: readonly string[],
  { card, exchange }: Checked,
): void {
  for (const [row, place] of places.entries()) {
    const { prediction } = samples[place] as Sample;
    const text = answers[row] as string;
    const answer = JSON.parse(text) as unknown;
    const misfit = 'findMisfit' in exchange ? exchange.findMisfit(text) : undefined;
    if (misfit !== undefined)
      throw new ModelRefusal(
        `The answer to golden sample ${place} does not match the card's schema of predictions: ${misfit}.`,
      );
    const mismatch = findMismatch(prediction, answer, card.tolerance);
    if (mismatch === undefined) continue;
    const largest = largestDifference(prediction, answer).toExponential(1);
    throw new ModelRefusal(
      `The golden sample ${place} is answered differently: ${describeMismatch(mismatch, card)}. ` +
        `The largest numeric difference is ${largest}.`,
    );
  }
}

/** Describes a mismatch in one short line, however large the values are. */
export function describeMismatch({ path, expected, actual }: Mismatch, { tolerance = defaultTolerance }: Card): string {
  const place = path.length === 0 ? 'the prediction' : quote(path.join('.'));
  return `expected ${place} to be ${describeValue(expected)}, got ${describeValue(actual)} (tolerance ${tolerance})`;
}
