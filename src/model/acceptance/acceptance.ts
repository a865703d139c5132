/** Checks a session before it serves callers: it repeats the golden samples, and rows do not influence each other. */
import type { Card } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import type { Exchange, HookedExchange } from '../hooks/exchange';
import type { Contract } from '../instances/contract';
import type { Session } from '../runtime/session';
import { createTensors, joinRows, type Tensors } from '../tensors/tensors';
import { readSamples, samplesFileName, spreadPlaces } from './golden-samples';
import { checkGroups } from './independence-by-sizes';
import { refuseJoining, runJoined, runRows } from './row-independence';
import { checkSamples, toRows } from './sample-check';

export interface Candidate {
  readonly card: Card;
  readonly directory: string;
  readonly contract: Contract;
  readonly exchange: Exchange | HookedExchange;
  /** Rows that may share a run. */
  readonly mostRows: number;
}

const checkedSamples = 8;
/** Background rows to run beside the samples when there are fewer samples than that. */
const companionCount = 4;
/** How long loading keeps comparing when there are few samples. */
const patienceMs = 20;
/** When the samples run longer than this, only the first row is compared among others. */
const longRunMs = 100;

/** Throws when the model must not be served. Returns sample rows that can share a run. */
export async function accept(candidate: Candidate, session: Session): Promise<Tensors> {
  const { card, directory, contract, exchange, mostRows } = candidate;
  const samples = readSamples(directory);
  if (samples.length === 0)
    throw new ModelRefusal(
      `${samplesFileName} in ${directory} has no sample: expected at least one, with the prediction of the library that trained the model.`,
    );
  const places = spreadPlaces(samples.length, checkedSamples);
  const instances = places.map((place) => samples[place]?.instance);
  const part = { instances, pointer: '/samples', from: 0 };
  const rows = await exchange.toTensors(part);
  const startedAt = performance.now();
  const outputs = await runJoined(session.run, card, rows, mostRows);
  const isSlow = performance.now() - startedAt > longRunMs;
  const check = async (results: Tensors) =>
    checkSamples(samples, places, await exchange.toAnswers(results, part), candidate);
  try {
    await check(outputs);
  } catch (failure) {
    if (mostRows === 1) throw failure;
    // If they differ alone, too, joining is not the cause: that failure is thrown instead.
    await check(await runRows(session.run, card, rows, 1));
    throw refuseJoining('Golden samples are repeated alone, and not when they share a run.', failure as Error);
  }
  const companions = toCompanions(card, contract, rows);
  const trial = { rows, outputs, companions, mostRows, compared: isSlow ? 1 : rows.rows };
  // Loading does the most telling comparisons only; `npm run model -- check` does the rest.
  await checkGroups(session, card, { ...trial, patienceMs: places.length < checkedSamples ? patienceMs : 0 });
  return joinRows(card.inputs, [{ tensors: rows, from: 0, to: Math.min(rows.rows, mostRows) }]);
}

/** Background rows of the card, when there are few samples. */
export function toCompanions({ inputs, data }: Card, contract: Contract, samples: Tensors): Tensors {
  const background = samples.rows < checkedSamples ? (data?.background ?? []) : [];
  if (background.length === 0) return createTensors(inputs, 0);
  const chosen = spreadPlaces(background.length, companionCount).map((place) => background[place]);
  return toRows(chosen, contract);
}
