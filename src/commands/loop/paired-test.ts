/** Which of two models was right on the same rows, and whether the difference is more than chance. */
import { numberOf } from './score';

export interface Pair {
  readonly truth: string | number;
  readonly before: Readonly<Record<string, unknown>>;
  readonly now: Readonly<Record<string, unknown>>;
}

export type PairedTest = McNemar | Bootstrap;

/** Of labels: rows that only one of the two got right decide. */
export interface McNemar {
  readonly rows: number;
  readonly bothRight: number;
  readonly onlyBefore: number;
  readonly onlyNow: number;
  /** Of the exact test, two-sided. */
  readonly p: number;
}

/** Of numbers: how the mean squared error changes. */
export interface Bootstrap {
  readonly rows: number;
  readonly before: number;
  readonly now: number;
  /** Of the difference, with 95 % confidence. */
  readonly interval: readonly [number, number];
}

export function testPairs(pairs: readonly Pair[], hasLabels: boolean): PairedTest {
  return hasLabels ? testLabels(pairs) : testNumbers(pairs);
}

function testLabels(pairs: readonly Pair[]): McNemar {
  let [bothRight, onlyBefore, onlyNow] = [0, 0, 0];
  for (const { truth, before, now } of pairs) {
    const [wasRight, isRight] = [before.label === truth, now.label === truth];
    if (wasRight && isRight) bothRight++;
    else if (wasRight) onlyBefore++;
    else if (isRight) onlyNow++;
  }
  return { rows: pairs.length, bothRight, onlyBefore, onlyNow, p: exactP(onlyBefore, onlyNow) };
}

/** The chance that heads and tails of a fair coin fall at least so unevenly. */
export function exactP(first: number, second: number): number {
  const count = first + second;
  let logChoices = 0;
  let sum = 0;
  for (let k = 0; k <= Math.min(first, second); k++) {
    sum += Math.exp(logChoices - count * Math.LN2);
    logChoices += Math.log(count - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * sum);
}

const resamples = 2000;
/** More rows would take minutes and change nothing. */
const mostDraws = 100_000_000;

function testNumbers(pairs: readonly Pair[]): Bootstrap {
  const squares = pairs.map(
    ({ truth, before, now }) => [squareOf(before, Number(truth)), squareOf(now, Number(truth))] as const,
  );
  const differences = Float64Array.from(squares, ([before, now]) => now - before);
  const mean = (index: 0 | 1) => squares.reduce((sum, each) => sum + each[index], 0) / squares.length;
  return { rows: pairs.length, before: mean(0), now: mean(1), interval: bootstrap(differences) };
}

/** Infinite without a number: a version that answers none is worse. */
function squareOf(prediction: Pair['before'], truth: number): number {
  const error = numberOf(prediction) - truth;
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error * error;
}

/** Seeded: the same captures give the same interval. */
function bootstrap(values: Float64Array): readonly [number, number] {
  const count = values.length;
  const rounds = Math.max(200, Math.min(resamples, Math.floor(mostDraws / count)));
  const random = createRandom(20);
  const means = Float64Array.from({ length: rounds }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[Math.floor(random() * count)] as number;
    return sum / count;
  }).sort();
  const at = (share: number) => means[Math.min(rounds - 1, Math.floor(share * rounds))] as number;
  return [at(0.025), at(0.975)];
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
