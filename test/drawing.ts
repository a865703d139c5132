/** Redraws the rows of `parity.json`, as `model/training/drawing.py` says. */
import type { Feature, Prediction } from './model-files';

export interface Parity {
  readonly seed: number;
  readonly rows: number;
  /** One row in this many lies on or beside a threshold. */
  readonly every: number;
  /** Split thresholds of each feature, as shortest decimals of float32. */
  readonly thresholds: readonly (readonly number[])[];
  /** Distinct answers: the index of the label, then the probability of each label. */
  readonly answers: readonly (readonly number[])[];
  /** Index into `answers` of each row: base64 of little-endian uint16. */
  readonly answerOfRow: string;
}

type Drawing = Pick<Parity, 'seed' | 'rows' | 'every' | 'thresholds'>;

export function drawRows(
  { seed, rows, every, thresholds }: Drawing,
  features: readonly Pick<Feature, 'training'>[],
): number[][] {
  const count = features.length;
  return Array.from({ length: rows }, (_, i) => {
    const counter = i * (count + 3);
    const uniform = (offset: number) => toUniform(seed + counter + offset);
    const row = features.map(({ training: { minimum, maximum } }, f) => minimum + (maximum - minimum) * uniform(f));
    if (i % every !== every - 1) return row;
    const chosen = Math.floor(uniform(count) * count);
    const candidates = thresholds[chosen] ?? [];
    const threshold = candidates[Math.floor(uniform(count + 1) * candidates.length)];
    if (threshold !== undefined) row[chosen] = moveAside(Math.fround(threshold), Math.floor(uniform(count + 2) * 3));
    return row;
  });
}

/** The trainer's prediction of every row. */
export function readAnswers({ answers, answerOfRow }: Parity, labels: readonly string[]): readonly Prediction[] {
  const predictions = answers.map(([index = -1, ...probabilities]) => ({
    label: labels[index] ?? '',
    probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i] ?? Number.NaN])),
  }));
  const bytes = Buffer.from(answerOfRow, 'base64');
  return Array.from({ length: bytes.length / 2 }, (_, row) => {
    const prediction = predictions[bytes.readUInt16LE(row * 2)];
    if (prediction === undefined) throw new RangeError(`Row ${row} has an answer that is not listed.`);
    return prediction;
  });
}

/** A counter to a number in [0, 1) with 24 random bits: the finalizer of murmur3. */
export function toUniform(counter: number): number {
  let h = counter | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 8) / 2 ** 24;
}

/** A float32 itself (side 0), the next one above (1) or the next one below (2). */
function moveAside(value: number, side: number): number {
  if (side === 0) return value;
  if (value === 0) return (side === 1 ? 1 : -1) * 2 ** -149;
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  const isAwayFromZero = value > 0 === (side === 1);
  bits[0] = (bits[0] ?? 0) + (isAwayFromZero ? 1 : -1);
  return float[0] ?? Number.NaN;
}
