/** Checks that a row gets the same answer whatever rows run with it, because callers share runs. */
import type { RunModel } from '../batching/runner';
import type { Card } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import type { Session } from '../runtime/session';
import { createRowComparison, defaultTolerance, type RowDifference } from '../tensors/differences';
import { OutputMisfit } from '../tensors/outputs';
import { joinRows, type RowSpan, type Tensors } from '../tensors/tensors';
import { makeUpRows } from './made-up-rows';

export interface Trial {
  /** Rows that the model is known to accept. */
  readonly rows: Tensors;
  /** How many of them are compared among others. */
  readonly compared: number;
  readonly companions: Tensors;
  /** The outputs of `rows`, run together. */
  readonly outputs: Tensors;
  readonly mostRows: number;
  /** No further comparison starts after this long, so a slow model loads without all of them. */
  readonly patienceMs: number;
}

/** Characters quoted of a failure's message. */
const maxQuoteLength = 300;
const cure =
  'Set "maxBatchRows": 1 in the card (or MAX_BATCH_ROWS=1) to run every row by itself; ' +
  'if the difference is only rounding, set a larger "tolerance".';

/** Runs rows in runs of at most `mostRows`. */
export async function runRows(run: RunModel, card: Card, rows: Tensors, mostRows: number): Promise<Tensors> {
  if (rows.rows <= mostRows) return run(() => rows);
  const parts: Tensors[] = [];
  for (let from = 0; from < rows.rows; from += mostRows) {
    const span = { tensors: rows, from, to: Math.min(from + mostRows, rows.rows) };
    parts.push(await run(() => joinRows(card.inputs, [span])));
  }
  return joinRows(card.outputs, parts.map(whole));
}

/** Runs rows as callers' rows will run. The failure says what to do when rows cannot share a run. */
export async function runJoined(run: RunModel, card: Card, rows: Tensors, mostRows: number): Promise<Tensors> {
  try {
    return await runRows(run, card, rows, mostRows);
  } catch (failure) {
    if (Math.min(rows.rows, mostRows) === 1) throw failure;
    // If a row fails alone, too, joining is not the cause: that failure is thrown instead.
    await run(() => pick(card, rows, 0));
    throw refuseJoining('The model cannot run several rows at once.', failure as Error);
  }
}

/** Why rows must not share a run, and what to do. */
export function refuseJoining(reason: string, { message }: Error): ModelRefusal {
  return new ModelRefusal(`${reason} ${message.slice(0, maxQuoteLength)} ${cure}`);
}

/**
 * Compares rows with the same rows in reverse order between far-off rows, and alone.
 *
 * Throws when a difference exceeds the card's tolerance, or an output does not match its rows. However short the patience,
 * the first row runs alone, and all rows run once between two others.
 */
export async function checkIndependence(session: Session, card: Card, trial: Trial) {
  const { rows, mostRows, patienceMs } = trial;
  const { alone, between, done } = createComparisons(session, card, trial);
  // No row ever runs beside another, but each must have exactly one result.
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

/** Rows to run before and after the others: the most telling first, those that every model accepts last. */
function toNeighbours(card: Card, { rows, companions }: Trial): readonly (readonly [Tensors, Tensors])[] {
  const { far, opposite, zeros } = makeUpRows(card, rows);
  const last = pick(card, rows, rows.rows - 1);
  const real = Array.from({ length: companions.rows }, (_, row) => pick(card, companions, row));
  return [[far, zeros], [zeros, zeros], [opposite, far], ...[...real, last].map((row) => [row, row] as const)];
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
    expectSame(await run(() => pick(card, rows, row)), 0, row, 'alone');
  }

  /** Returns false when the model rejects one of the two by itself, as it may with made-up numbers. */
  async function between(before: Tensors, behind: Tensors): Promise<boolean> {
    const order = Array.from({ length: compared }, (_, i) => compared - 1 - i);
    const reversed = order.map((row) => ({ tensors: rows, from: row, to: row + 1 }));
    const joined = joinRows(card.inputs, [whole(before), ...reversed, whole(behind)]);
    let answers: Tensors;
    try {
      answers = await runRows(attempt, card, joined, mostRows);
    } catch (failure) {
      if ((await isAccepted(before)) && (await isAccepted(behind)))
        throw refuseJoining('The model cannot run several rows at once.', failure as Error);
      return false;
    }
    for (const [i, row] of order.entries()) expectSame(answers, i + 1, row, 'among other rows');
    return true;
  }

  const isAccepted = (row: Tensors) => attempt(() => row).then(() => true, throwMisfit);

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
    `A row is answered differently ${where}, so rows of other callers would change its answer. ` +
      `The largest difference is ${size}, in the output "${output}" (tolerance ${tolerance}). ${cure}`,
  );
}

function pick({ inputs }: Card, tensors: Tensors, row: number): Tensors {
  return joinRows(inputs, [{ tensors, from: row, to: row + 1 }]);
}

function whole(tensors: Tensors): RowSpan {
  return { tensors, from: 0, to: tensors.rows };
}
