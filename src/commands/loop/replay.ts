/** Asks another version what callers asked, and compares its answers with those that they got. */
import { readConfig } from '../../config';
import { type Outputs, predict } from '../../model/batching/predict';
import type { Card } from '../../model/card/card';
import { createModel, type Model } from '../../model/model';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { defaultTolerance } from '../../model/tensors/differences';
import type { Tensors } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import { findBin } from '../../telemetry/drift/bins';
import { createTrainingBins } from '../../telemetry/drift/training-bins';
import { finish } from '../../turns';
import { comparePredictions } from './compare-predictions';
import { type PairedTest, testPairs } from './paired-test';
import { type Answered, type ReadCounts, readCaptures } from './read-captures';
import { isComparable } from './score';

export interface BinShare {
  readonly name: string;
  readonly rows: number;
  readonly different: number;
}

export interface Replay {
  readonly card: Card;
  readonly rows: number;
  /** Of all captures, asked or not. */
  readonly counts: ReadCounts;
  /** Rows that the other version does not take, such as those without a private value. */
  readonly refused: number;
  /** Rows with another label, or without labels another number beyond the tolerance. */
  readonly different: number;
  /** Between corresponding numbers of any row. */
  readonly largestDifference: number;
  /** Where answers differ: bins of features, those with the largest share first. */
  readonly places: readonly BinShare[];
  /** Which of the two was right, where feedback tells. */
  readonly test: PairedTest | undefined;
}

const rowsAtOnce = 256;

/** Asks the rows that `isAsked` chooses, or all. */
export async function replay(
  directory: string,
  modelDirectory: string,
  isAsked: (answered: Answered) => boolean = () => true,
): Promise<Replay> {
  const model = createModel(readConfig({ MODEL_DIR: modelDirectory, INFERENCE_THREADS: '0' }));
  try {
    await model.load();
    return await replayOn(model, directory, isAsked);
  } finally {
    await model.release();
  }
}

async function replayOn(model: Model, directory: string, isAsked: (answered: Answered) => boolean): Promise<Replay> {
  const sums = createSums(model.card);
  const ask = createAsking(model);
  let waiting: Answered[] = [];

  async function askWaiting(): Promise<void> {
    const rows = waiting;
    waiting = [];
    for (const [i, prediction] of (await ask(rows)).entries()) sums.add(rows[i] as Answered, prediction);
  }

  const counts = await readCaptures(directory, model.card, async (answered) => {
    if (isAsked(answered)) waiting.push(answered);
    if (waiting.length === rowsAtOnce) await askWaiting();
  });
  await askWaiting();
  return { ...sums.read(), counts };
}

/** A member of a prediction, or the whole of it. */
type Prediction = Answered['prediction'];

/** Undefined for a row that the model does not take. */
function createAsking({ card, contract, submit }: Model) {
  const { prediction: write } = createPredictionWriters(card);

  function toTensors(rows: readonly Answered[]): Tensors | undefined {
    try {
      return finish(
        contract.readInstances(
          rows.map(({ instance }) => instance),
          '/instances',
        ),
      );
    } catch (failure) {
      if (failure instanceof Problem) return undefined;
      throw failure;
    }
  }

  return async function ask(rows: readonly Answered[]): Promise<(Prediction | undefined)[]> {
    if (rows.length === 0) return [];
    const tensors = toTensors(rows);
    if (tensors !== undefined) return toPredictions(await predict(submit, tensors, { isGone: () => false }));
    if (rows.length === 1) return [undefined];
    const each: (Prediction | undefined)[] = [];
    for (const row of rows) each.push(...(await ask([row])));
    return each;
  };

  function toPredictions(outputs: Outputs): Prediction[] {
    return outputs.flatMap(({ tensors, from, to }) =>
      Array.from({ length: to - from }, (_, i) => JSON.parse(write(tensors, from + i)) as Prediction),
    );
  }
}

function createSums(card: Card) {
  const { tolerance = defaultTolerance, labels } = card;
  const bins = createTrainingBins(card).features.map((feature) => ({
    feature,
    counts: feature.bins.shares.map(() => ({ rows: 0, different: 0 })),
  }));
  const pairs: { truth: NonNullable<Answered['truth']>; before: Prediction; now: Prediction }[] = [];
  let [rows, refused, different, largestDifference] = [0, 0, 0, 0];

  function add({ instance, prediction: before, truth }: Answered, now: Prediction | undefined): void {
    if (now === undefined) {
      refused++;
      return;
    }
    rows++;
    const difference = comparePredictions(before, now, tolerance);
    largestDifference = Math.max(largestDifference, difference.largest);
    const isOther = labels === undefined ? difference.isBeyond : before.label !== now.label;
    if (isOther) different++;
    count(instance, isOther);
    if (truth !== undefined && isComparable({ prediction: before, truth }, labels !== undefined))
      pairs.push({ truth, before, now });
  }

  function count(instance: Answered['instance'], isOther: boolean): void {
    for (const { feature, counts } of bins) {
      const value = instance[feature.name];
      const bin = typeof value === 'number' ? counts[findBin(feature.bins.edges, feature.round(value))] : undefined;
      if (bin === undefined) continue;
      bin.rows++;
      if (isOther) bin.different++;
    }
  }

  function read(): Omit<Replay, 'counts'> {
    const places = bins.flatMap(({ feature, counts }) =>
      counts.map((each, i) => ({ name: `${feature.name} ${nameOf(feature.bins.edges, i)}`, ...each })),
    );
    const share = (place: BinShare) => place.different / place.rows;
    return {
      card,
      rows,
      refused,
      different,
      largestDifference,
      places: places.filter((place) => place.different > 0).sort((a, b) => share(b) - share(a)),
      test: pairs.length === 0 ? undefined : testPairs(pairs, labels !== undefined),
    };
  }

  return { add, read };
}

function nameOf(edges: Float64Array, bin: number): string {
  const edge = edges[Math.min(bin, edges.length - 1)];
  if (edge === undefined) return 'in all';
  return `${bin === edges.length ? 'over' : 'up to'} ${Number(edge.toPrecision(4))}`;
}
