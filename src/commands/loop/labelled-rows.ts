/** Rows that a training can learn from: captured, with feedback, and such as callers of this model may send. */
import { readConfig } from '../../config';
import { createModel, type Model } from '../../model/model';
import { Problem } from '../../problem';
import { truthOf } from '../../protocols/feedback/truth';
import { finish } from '../../turns';
import { createIsHeldOut } from './held-out';
import { type Answered, type ReadCounts, readCaptures } from './read-captures';
import type { Truth } from './records';

export interface LabelledRow {
  readonly instance: Answered['instance'];
  readonly truth: Truth;
  /** Whether it is kept from training. */
  readonly isHeldOut: boolean;
  /** Which version was asked, and when. */
  readonly version: string;
  readonly day: string;
}

export interface LabelledRows {
  readonly rows: readonly LabelledRow[];
  readonly counts: ReadCounts;
  /** Why rows with feedback are not among them. */
  readonly leftOut: {
    /** The id was used again, for another row: feedback may mean either. */
    readonly ambiguous: number;
    /** Another label than the model's, or no number. */
    readonly otherTruth: number;
    /** A value is missing, private, or not what the card allows. */
    readonly misfit: number;
  };
}

/** In an order that the values decide, and not the names of files. */
export async function readLabelledRows(directory: string, modelDirectory: string): Promise<LabelledRows> {
  const model = createModel(readConfig({ MODEL_DIR: modelDirectory, INFERENCE_THREADS: '0' }));
  const feedback = truthOf(model.card);
  if (feedback === undefined)
    throw new Error(`${model.card.name} predicts neither a label nor a value: there is no feedback for it.`);
  // There may be a million: what was predicted is let go.
  const told = new Map<string, Pick<LabelledRow, 'instance' | 'truth' | 'version' | 'day'>>();
  const repeats: Answered[] = [];

  const counts = await readCaptures(directory, model.card, (answered) => {
    const { key, instance, truth, version, day } = answered;
    if (truth !== undefined) told.set(key, { instance, truth, version, day });
    else if (answered.isRepeat) repeats.push(answered);
  });

  const isOther = ({ key, instance }: Answered) => JSON.stringify(instance) !== JSON.stringify(told.get(key)?.instance);
  const ambiguous = new Set(repeats.filter(isOther).map(({ key }) => key));
  const sure = [...told].filter(([key]) => !ambiguous.has(key)).map(([, row]) => row);
  const known = sure.filter(({ truth }) => feedback.fault(truth) === undefined);
  const isFit = createIsFit(model);
  const fit = known.filter(({ instance }) => isFit(instance));
  const isHeldOut = createIsHeldOut(model.card);
  const rows = fit.map(({ instance, truth, version, day }) => ({
    instance: inOrder(model, instance),
    truth,
    isHeldOut: isHeldOut(instance),
    version,
    day,
  }));
  return {
    rows: byContent(rows),
    counts,
    leftOut: {
      ambiguous: told.size - sure.length,
      otherTruth: sure.length - known.length,
      misfit: known.length - fit.length,
    },
  };
}

/** Whether every feature has a value, and one that the contract takes: defaults are not what happened. */
function createIsFit({ card: { features }, contract }: Model): (instance: Answered['instance']) => boolean {
  return (instance) => {
    if (!features.every(({ name }) => Object.hasOwn(instance, name))) return false;
    try {
      finish(contract.readInstances([instance], ''));
      return true;
    } catch (failure) {
      if (failure instanceof Problem) return false;
      throw failure;
    }
  };
}

function inOrder({ card: { features } }: Model, instance: Answered['instance']): Answered['instance'] {
  return Object.fromEntries(features.map(({ name }) => [name, instance[name]]));
}

function byContent(rows: readonly LabelledRow[]): LabelledRow[] {
  const keyed = rows.map((row) => ({ row, text: JSON.stringify(row) }));
  return keyed.sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text))).map(({ row }) => row);
}
