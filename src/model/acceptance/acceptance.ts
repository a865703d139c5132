/** What a session must show before it answers callers: the golden samples, and that rows do not influence each other. */
import type { Card } from '../card/card';
import type { Contract } from '../instances/contract';
import type { PredictionWriters } from '../predictions/prediction';
import type { Session } from '../runtime/session';
import { createTensors, joinRows, type Tensors } from '../tensors/tensors';
import { readSamples, spreadPlaces } from './golden-samples';
import { checkIndependence, runJoined } from './row-independence';
import { checkSamples, toRows } from './sample-check';

export interface Candidate {
  readonly card: Card;
  readonly directory: string;
  readonly contract: Contract;
  readonly write: PredictionWriters;
  /** Rows of one run. */
  readonly mostRows: number;
}

/** Samples that are run. */
const checkedSamples = 8;
/** Background rows that are run beside a sample where there are fewer samples than that. */
const companionCount = 4;
/** How long a load goes on comparing where there are few samples. */
const patienceMs = 20;
/** A run of the samples that takes longer is one of a slow model: of its rows only the first is compared among others. */
const longRunMs = 100;

/** Throws when the model is not to be served. Returns rows that it can run together. */
export async function accept(candidate: Candidate, session: Session): Promise<Tensors> {
  const { card, directory, contract, write, mostRows } = candidate;
  const samples = readSamples(directory);
  const places = spreadPlaces(samples.length, checkedSamples);
  const rows = toRows(
    places.map((place) => samples[place]?.instance),
    contract,
  );
  const startedAt = performance.now();
  const outputs = await runJoined(session.run, card, rows, mostRows);
  const isSlow = performance.now() - startedAt > longRunMs;
  checkSamples(samples, places, outputs, write, card);
  const companions = toCompanions(card, contract, rows);
  const trial = { rows, outputs, companions, mostRows, compared: isSlow ? 1 : rows.rows };
  // A start waits for what shows most; `npm run model -- check` tries the rest.
  await checkIndependence(session, card, { ...trial, patienceMs: places.length < checkedSamples ? patienceMs : 0 });
  return joinRows(card.inputs, [{ tensors: rows, from: 0, to: Math.min(rows.rows, mostRows) }]);
}

/** Rows of the training, where there are few samples and the card has some. */
export function toCompanions({ inputs, data }: Card, contract: Contract, samples: Tensors): Tensors {
  const background = samples.rows < checkedSamples ? (data?.background ?? []) : [];
  if (background.length === 0) return createTensors(inputs, 0);
  const places = spreadPlaces(background.length, companionCount);
  return toRows(
    places.map((place) => background[place]),
    contract,
  );
}
