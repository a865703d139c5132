/** How good predictions were: the share of right labels, or the errors of numbers. */
import type { Answered } from './read-captures';

export interface Score {
  readonly rows: number;
  /** The accuracy of a classifier, the root mean squared error of a regressor. */
  readonly value: number;
  /** Of an accuracy: where it lies with 95 % confidence (Wilson's interval). */
  readonly interval: readonly [number, number] | undefined;
  readonly meanAbsoluteError: number | undefined;
}

export interface ScoreSum {
  add(answered: Pick<Answered, 'prediction' | 'truth'>): void;
  read(): Score;
}

const z = 1.959964;

export function createScore(hasLabels: boolean): ScoreSum {
  return hasLabels ? scoreLabels() : scoreNumbers();
}

function scoreLabels(): ScoreSum {
  let rows = 0;
  let right = 0;
  return {
    add({ prediction, truth }) {
      rows++;
      if (prediction.label === truth) right++;
    },
    read: () => ({ rows, value: right / rows, interval: wilson(right, rows), meanAbsoluteError: undefined }),
  };
}

/** Whether what was predicted and what happened are of the kind that the model predicts. */
export function isComparable(
  { prediction, truth }: Pick<Answered, 'prediction' | 'truth'>,
  hasLabels: boolean,
): boolean {
  if (hasLabels) return typeof truth === 'string';
  return typeof truth === 'number' && Number.isFinite(numberOf(prediction));
}

/** The value of a regressor, which an output with names has as its only member; NaN where there is none. */
export function numberOf({ value }: Answered['prediction']): number {
  const number = typeof value === 'object' && value !== null ? Object.values(value)[0] : value;
  return typeof number === 'number' ? number : Number.NaN;
}

function scoreNumbers(): ScoreSum {
  let rows = 0;
  let squares = 0;
  let sum = 0;
  return {
    add({ prediction, truth }) {
      const error = numberOf(prediction) - Number(truth);
      rows++;
      squares += error * error;
      sum += Math.abs(error);
    },
    read: () => ({
      rows,
      value: Math.sqrt(squares / rows),
      interval: undefined,
      meanAbsoluteError: sum / rows,
    }),
  };
}

/** Where a share lies with 95 % confidence, given so many of so many. */
export function wilson(right: number, rows: number): readonly [number, number] {
  if (rows === 0) return [0, 1];
  const share = right / rows;
  const centre = share + (z * z) / (2 * rows);
  const half = z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  const scale = 1 + (z * z) / rows;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

/** How far apart two shares lie with 95 % confidence (Newcombe's interval): both were measured on so many rows. */
export function differenceOf(
  first: { readonly share: number; readonly rows: number },
  second: { readonly share: number; readonly rows: number },
): readonly [number, number] {
  const [from1, to1] = wilson(first.share * first.rows, first.rows);
  const [from2, to2] = wilson(second.share * second.rows, second.rows);
  const difference = first.share - second.share;
  return [
    difference - Math.hypot(first.share - from1, to2 - second.share),
    difference + Math.hypot(to1 - first.share, second.share - from2),
  ];
}
