/** Sums up captures with feedback: live quality, in all and by version, day and bin of each feature. */
import { type Card, type CardFile, readCard } from '../../model/card/card';
import { findBin } from '../../telemetry/drift/bins';
import { createTrainingBins, type FeatureBins } from '../../telemetry/drift/training-bins';
import { type Answered, type ReadCounts, readCaptures } from './read-captures';
import { createScore, isComparable, type Score, type ScoreSum } from './score';

/** What the card says of rows that training did not see. */
export interface Evaluation {
  readonly rows: number;
  readonly accuracy?: number;
  readonly rootMeanSquaredError?: number;
}

export interface FeatureReport {
  readonly name: string;
  /** From below the first edge to above the last. */
  readonly bins: readonly { readonly range: string; readonly score: Score }[];
}

export interface Report {
  readonly card: Card;
  readonly evaluation: Evaluation | undefined;
  readonly counts: ReadCounts;
  readonly outside: number;
  /** Rows with feedback, or a prediction, of another kind than the model's, such as null for what is no number. */
  readonly incomparable: number;
  readonly all: Score;
  readonly byVersion: ReadonlyMap<string, Score>;
  readonly byDay: ReadonlyMap<string, Score>;
  readonly features: readonly FeatureReport[];
  /** Actual label down, predicted across, in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
}

export async function createReport(directory: string, modelDirectory: string): Promise<Report> {
  const file = readCard(modelDirectory);
  const { card } = file;
  const { labels } = card;
  const create = () => createScore(labels !== undefined);
  const all = create();
  const byVersion = createGroups(create);
  const byDay = createGroups(create);
  const shown = card.features.filter((feature) => feature.private !== true);
  const byBin = createTrainingBins({ ...card, features: shown }).features.map((feature) => createBins(feature, create));
  const confusion = (labels ?? []).map(() => (labels ?? []).map(() => 0));
  let outside = 0;
  let incomparable = 0;

  function visit(answered: Answered): void {
    if (answered.outside !== undefined) outside++;
    if (answered.truth === undefined) return;
    if (!isComparable(answered, labels !== undefined)) {
      incomparable++;
      return;
    }
    all.add(answered);
    byVersion.add(answered.version, answered);
    byDay.add(answered.day, answered);
    for (const bins of byBin) bins.add(answered);
    const [actual, predicted] = [answered.truth, answered.prediction.label].map((label) =>
      labels?.indexOf(label as string),
    );
    const row = confusion[actual ?? -1];
    if (row !== undefined && predicted !== undefined && predicted !== -1) (row[predicted] as number)++;
  }

  const counts = await readCaptures(directory, card, visit);
  return {
    card,
    evaluation: evaluationOf(file),
    counts,
    outside,
    incomparable,
    all: all.read(),
    byVersion: byVersion.read(),
    byDay: byDay.read(),
    features: byBin.map((bins) => bins.read()),
    confusion,
  };
}

export function evaluationOf({ document }: CardFile): Evaluation | undefined {
  return (document as { readonly evaluation?: Evaluation }).evaluation;
}

function createGroups(create: () => ScoreSum) {
  const groups = new Map<string, ScoreSum>();
  function add(key: string, answered: Answered): void {
    const group = groups.get(key) ?? create();
    groups.set(key, group);
    group.add(answered);
  }
  const read = () =>
    new Map(
      [...groups]
        .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
        .map(([key, group]) => [key, group.read()]),
    );
  return { add, read };
}

/** Rows whose value is missing are in no bin. */
function createBins({ name, round, bins: { edges } }: FeatureBins, create: () => ScoreSum) {
  const sums = Array.from({ length: edges.length + 1 }, create);
  function add(answered: Answered): void {
    const value = answered.instance[name];
    if (typeof value === 'number') sums[findBin(edges, round(value))]?.add(answered);
  }
  const read = (): FeatureReport => ({
    name,
    bins: sums.map((sum, i) => ({ range: rangeOf(edges, i), score: sum.read() })),
  });
  return { add, read };
}

function rangeOf(edges: Float64Array, bin: number): string {
  const [from, to] = [edges[bin - 1], edges[bin]];
  if (from === undefined) return to === undefined ? 'all' : `to ${short(to)}`;
  return to === undefined ? `over ${short(from)}` : `to ${short(to)}`;
}

const short = (value: number) => String(Number(value.toPrecision(4)));
