/** What a card knows of the model's errors, and which coverage follows from it. */
import type { Card, OutputSpec, Uncertainty } from '../card/card';
import { type Datatype, datatypes } from '../tensors/datatypes';
import { findExplained } from './tasks';

/** What is added to a prediction: labels of a classifier, an interval of a regressor. */
export type SetName = 'label_set' | 'interval';

export interface KnownErrors extends Uncertainty {
  /** The output that they are errors of. */
  readonly output: OutputSpec;
  readonly setName: SetName;
}

/** Undefined where nothing is known; hooks make other predictions than those whose errors are known. */
export function findErrors(card: Card): KnownErrors | undefined {
  const output = findExplained(card);
  if (output === undefined || card.uncertainty === undefined) return undefined;
  return { ...card.uncertainty, output, setName: card.labels === undefined ? 'interval' : 'label_set' };
}

/** More would need more rows: the truth of a new row may be farther off than that of any of them. */
export function greatestCoverage({ rows }: Uncertainty): number {
  return rows / (rows + 1);
}

/** The score that a new row stays within, with a probability of at least `coverage`. */
export function findScore({ rows, scores }: Uncertainty, coverage: number): number {
  // The product may lie a rounding error above a whole number.
  const rank = Math.max(1, Math.ceil((rows + 1) * coverage - 1e-9));
  return scores[Math.floor(((rank - 1) * scores.length) / rows)] as number;
}

/** Of the ends of an interval: as exact as the value is in memory; integers have no fractions. */
export function endDatatypeOf({ datatype }: OutputSpec): Datatype {
  return datatypes[datatype].array === Float32Array ? 'FP32' : 'FP64';
}

/** Throws when sets cannot be made from what the card says. */
export function checkUncertainty(card: Card): void {
  const { uncertainty, hooks, outputs } = card;
  if (uncertainty === undefined || hooks !== undefined) return;
  const known = findErrors(card);
  if (known === undefined)
    throw new Error(
      'The card has an uncertainty, but nothing that it could belong to: expected the probabilities of a classifier, or one value of a regressor.',
    );
  const { rows, scores } = uncertainty;
  const wrong = scores.findIndex((score, i) => i > 0 && score < (scores[i - 1] as number));
  if (wrong !== -1)
    throw new Error(
      `The card's uncertainty has the score ${scores[wrong]} after ${scores[wrong - 1]}: expected them ascending.`,
    );
  if (scores.length > rows)
    throw new Error(
      `The card's uncertainty has ${scores.length} scores of ${rows} rows: expected at most one for each.`,
    );
  if (outputs.some(({ name }) => name === known.setName))
    throw new Error(`The card has an output named "${known.setName}", as what its uncertainty adds to predictions.`);
}
