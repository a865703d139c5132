/** Whether a row is answered the same, whatever rows run with it: those of other callers share its runs. */
import type { RunModel } from '../batching/runner';
import type { Card } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import type { Session } from '../runtime/session';
import { createRowComparison, defaultTolerance, type RowDifference } from '../tensors/differences';
import { OutputMisfit } from '../tensors/outputs';
import { joinRows, type TensorSpec, type Tensors } from '../tensors/tensors';
import { makeUpRows } from './made-up-rows';

export interface Trial {
  /** Rows that the model is known to take. */
  readonly rows: Tensors;
  /** How many of them are compared among others. */
  readonly compared: number;
  /** Further instances. */
  readonly companions: Tensors;
  /** The outputs of the rows, of runs with as many rows as may run together. */
  readonly outputs: Tensors;
  readonly mostRows: number;
  /** After so long nothing more is tried: a slow model is loaded before all is. */
  readonly patienceMs: number;
}

/** What was tried. */
export interface Independence {
  readonly comparisons: number;
  readonly largestDifference: number;
}

/** Characters of what the runtime says of a failed run. */
const longestQuote = 300;
const cure =
  'Set "maxBatchRows": 1 in the card (or MAX_BATCH_ROWS=1) to run every row by itself; ' +
  'if rounding is all there is, set a larger "tolerance".';

/** Runs rows in runs of at most `mostRows`. */
export async function runRows(run: RunModel, card: Card, rows: Tensors, mostRows: number): Promise<Tensors> {
  if (rows.rows <= mostRows) return run(() => rows);
  const parts: Tensors[] = [];
  for (let from = 0; from < rows.rows; from += mostRows) {
    const span = { tensors: rows, from, to: Math.min(from + mostRows, rows.rows) };
    parts.push(await run(() => joinRows(card.inputs, [span])));
  }
  return joinRows(
    card.outputs,
    parts.map((tensors) => ({ tensors, from: 0, to: tensors.rows })),
  );
}

/** Runs rows as callers' rows will be run; says what to do when those of a run cannot be together. */
export async function runJoined(run: RunModel, card: Card, rows: Tensors, mostRows: number): Promise<Tensors> {
  try {
    return await runRows(run, card, rows, mostRows);
  } catch (failure) {
    if (Math.min(rows.rows, mostRows) === 1) throw failure;
    // What a row cannot do alone, joining it has not broken.
    await run(() => pick(card.inputs, rows, [0]));
    throw cannotJoin(failure);
  }
}

function cannotJoin(failure: unknown): ModelRefusal {
  const { message } = failure as Error;
  return new ModelRefusal(`Rows cannot run together. ${message.slice(0, longestQuote)} ${cure}`);
}

/**
 * Compares rows with the same rows in another order, between others that are far from them, and alone.
 *
 * Throws when a difference is beyond the card's tolerance, or an output is not of the rows. However little time there is, the
 * first row has been run alone, and all between two others.
 */
export async function checkIndependence(session: Session, card: Card, trial: Trial): Promise<Independence> {
  const { rows, mostRows, patienceMs } = trial;
  const { alone, between, done } = createComparisons(session, card, trial);
  // None is ever beside another, but each must have one result.
  if (mostRows === 1) return tryMadeUp(session, card, rows).then(() => done);

  const givesUpAt = performance.now() + patienceMs;
  const isOver = () => performance.now() > givesUpAt;
  await alone(0);
  let isBetween = false;
  for (const [before, behind] of toNeighbours(card, trial)) {
    if (isBetween && isOver()) return done;
    isBetween = (await between(before, behind)) || isBetween;
  }
  for (let row = 1; row < rows.rows && !isOver(); row++) await alone(row);
  return done;
}

async function tryMadeUp({ attempt }: Session, card: Card, rows: Tensors): Promise<void> {
  for (const row of Object.values(makeUpRows(card, rows))) await attempt(() => row).catch(throwMisfit);
}

/** Rows to run before the others and behind them: first those that show most, last those that every model takes. */
function toNeighbours(card: Card, { rows, companions }: Trial): readonly (readonly [Tensors, Tensors])[] {
  const { above, below, zeros } = makeUpRows(card, rows);
  const last = pick(card.inputs, rows, [rows.rows - 1]);
  const real = Array.from({ length: companions.rows }, (_, row) => pick(card.inputs, companions, [row]));
  return [[above, zeros], [zeros, zeros], [below, above], ...[...real, last].map((row) => [row, row] as const)];
}

function createComparisons({ run, attempt }: Session, card: Card, { rows, outputs, compared, mostRows }: Trial) {
  const compare = createRowComparison(card.outputs, card.tolerance);
  const done = { comparisons: 0, largestDifference: 0 };

  function expectSame(actual: Tensors, row: number, original: number, where: string): void {
    const found = compare({ outputs, row: original }, { outputs: actual, row });
    done.comparisons++;
    done.largestDifference = Math.max(done.largestDifference, found.difference);
    if (found.isBeyond) throw toRefusal(found, where, card);
  }

  async function alone(row: number): Promise<void> {
    expectSame(await run(() => pick(card.inputs, rows, [row])), 0, row, 'alone');
  }

  /** Whether the model takes the two at all: made-up numbers may be none that it can run. */
  async function between(before: Tensors, behind: Tensors): Promise<boolean> {
    const order = Array.from({ length: compared }, (_, i) => compared - 1 - i);
    const reversed = order.map((row) => ({ tensors: rows, from: row, to: row + 1 }));
    const joined = joinRows(card.inputs, [whole(before), ...reversed, whole(behind)]);
    let answers: Tensors;
    try {
      answers = await runRows(attempt, card, joined, mostRows);
    } catch (failure) {
      if ((await isTaken(before)) && (await isTaken(behind))) throw cannotJoin(failure);
      return false;
    }
    for (const [i, row] of order.entries()) expectSame(answers, i + 1, row, 'among other rows');
    return true;
  }

  const isTaken = (row: Tensors) => attempt(() => row).then(() => true, throwMisfit);

  return { alone, between, done };
}

function throwMisfit(failure: unknown): false {
  if (failure instanceof OutputMisfit) throw failure;
  return false;
}

function toRefusal(
  { output, difference }: RowDifference,
  where: string,
  { tolerance = defaultTolerance }: Card,
): Error {
  const size = Number.isFinite(difference) ? difference.toExponential(1) : 'not a number';
  return new ModelRefusal(
    `A row is answered otherwise ${where}: those of other callers would change it. The largest difference is ${size}, in the output ` +
      `"${output}" (tolerance ${tolerance}). ${cure}`,
  );
}

function pick(specs: readonly TensorSpec[], tensors: Tensors, rows: readonly number[]): Tensors {
  return joinRows(
    specs,
    rows.map((row) => ({ tensors, from: row, to: row + 1 })),
  );
}

function whole(tensors: Tensors) {
  return { tensors, from: 0, to: tensors.rows };
}
