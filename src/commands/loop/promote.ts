/** Makes the candidate the model, unless it is worse on rows that its training did not see. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Card, type CardFile, cardFileName, readCard } from '../../model/card/card';
import { defaultTolerance, isWithin } from '../../model/tensors/differences';
import { candidateDirectory } from '../../serving/candidate';
import { findDifference } from '../../serving/interchangeable';
import { createIsHeldOut } from './held-out';
import type { PairedTest } from './paired-test';
import { replaceModel } from './replace-model';
import { replay } from './replay';
import { type Evaluation, evaluationOf } from './report';

export interface Comparison {
  readonly what: string;
  /** Undefined where the two cannot be compared. */
  readonly isWorse: boolean | undefined;
  readonly text: string;
}

export interface Promotion {
  readonly before: Card;
  readonly after: Card;
  readonly comparisons: readonly Comparison[];
  readonly isPromoted: boolean;
}

export interface PromotionOptions {
  readonly captures: string;
  readonly modelDirectory: string;
  /** Whether a worse candidate is promoted, too. */
  readonly isForced: boolean;
}

export async function promote({ captures, modelDirectory, isForced }: PromotionOptions): Promise<Promotion> {
  const below = join(modelDirectory, candidateDirectory);
  if (!existsSync(join(below, cardFileName)))
    throw new Error(
      `Expected a candidate in ${below}, got no ${cardFileName}. \`npm run train -- --with CAPTURES\` makes one.`,
    );
  const [model, candidate] = [readCard(modelDirectory), readCard(below)];
  const difference = findDifference(model.card, candidate.card);
  if (difference !== undefined)
    throw new Error(`The candidate ${candidate.card.version} cannot replace ${model.card.version}: ${difference}.`);
  const isHeldOut = createIsHeldOut(model.card);
  // Loads the candidate, which must reproduce its golden samples.
  const { test } = await replay(
    captures,
    below,
    ({ version, truth, instance }) => truth !== undefined && version === model.card.version && isHeldOut(instance),
  );
  const comparisons = [compareHoldOuts(model, candidate), compareAnswers(test, candidate.card)];
  const isPromoted = isForced || comparisons.every(({ isWorse }) => isWorse === false);
  if (isPromoted) replaceModel(modelDirectory, below);
  return { before: model.card, after: candidate.card, comparisons, isPromoted };
}

/** As the cards say it: nobody but a trainer has these rows, and no caller can add to them. */
function compareHoldOuts(model: CardFile, candidate: CardFile): Comparison {
  const what = 'hold-out of the cards';
  const [before, after] = [evaluationOf(model), evaluationOf(candidate)];
  const [was, is] = [figureOf(before), figureOf(after)];
  if (was === undefined || is === undefined || was.name !== is.name || before?.rows !== after?.rows)
    return { what, isWorse: undefined, text: 'the two cards have no figure in common, over as many rows' };
  const text = `${was.name} ${round(was.value)} before, ${round(is.value)} now (${before?.rows} rows)`;
  return { what, isWorse: was.isError ? is.value > was.value : is.value < was.value, text };
}

function figureOf({ accuracy, rootMeanSquaredError }: Partial<Evaluation> = {}) {
  if (accuracy !== undefined) return { name: 'accuracy', value: accuracy, isError: false };
  if (rootMeanSquaredError === undefined) return undefined;
  return { name: 'root mean squared error', value: rootMeanSquaredError, isError: true };
}

/** Of rows that training left aside, answered by the version that would be replaced. */
function compareAnswers(test: PairedTest | undefined, { tolerance = defaultTolerance }: Card): Comparison {
  const what = 'captured rows kept from training';
  if (test === undefined) return { what, isWorse: undefined, text: 'none that this version answered has feedback' };
  if ('p' in test) {
    const { rows, bothRight, onlyBefore, onlyNow, p } = test;
    const text = `${bothRight + onlyBefore} of ${rows} right before, ${bothRight + onlyNow} now (McNemar's exact test: p = ${round(p)})`;
    return { what, isWorse: onlyNow < onlyBefore, text };
  }
  const { rows, interval } = test;
  const [before, now] = [Math.sqrt(test.before), Math.sqrt(test.now)];
  const [from, to] = interval.map(round);
  const text = `root mean squared error ${round(before)} before, ${round(now)} now (${rows} rows; change of the squares, 95 %: ${from} to ${to})`;
  // Closer than answers are reproduced is as good.
  return { what, isWorse: now > before && !isWithin(now - before, before, tolerance), text };
}

const round = (value: number) => String(Number(value.toPrecision(4)));
