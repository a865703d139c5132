/** The golden samples: instances with the trainer's predictions, which the loaded model must repeat. */
import { join } from 'node:path';
import { readJsonFile } from '../../json/json-file';
import { describeValue } from '../instances/faults';
import { defaultTolerance, isWithin } from '../tensors/differences';

export interface Sample {
  readonly instance: unknown;
  /** Computed by the trainer's library, in the form that callers get. */
  readonly prediction: unknown;
}

export const samplesFileName = 'samples.json';

export function readSamples(directory: string): readonly Sample[] {
  const path = join(directory, samplesFileName);
  const { document } = readJsonFile(path);
  const samples = (document as { readonly samples?: unknown } | null)?.samples;
  if (Array.isArray(samples)) return samples;
  const got = samples === undefined ? describeValue(document) : `${describeValue(samples)} as "samples"`;
  throw new Error(`${path}: expected {"samples": […]}, got ${got}.`);
}

/** Indices of up to `count` of `length` samples, spread evenly so that a sorted data set contributes every class. */
export function spreadPlaces(length: number, count: number): readonly number[] {
  const step = Math.max(1, length / count);
  return Array.from({ length: Math.min(count, length) }, (_, i) => Math.floor(i * step));
}

/** Up to `count` samples, spread evenly over all. */
export function spreadSamples(samples: readonly Sample[], count: number): readonly Sample[] {
  return spreadPlaces(samples.length, count).map((place) => samples[place] as Sample);
}

/** The value that is farthest from a golden sample's. */
export interface Mismatch {
  /** Member names that lead to the value. */
  readonly path: readonly string[];
  readonly expected: unknown;
  readonly actual: unknown;
  /** Infinite unless both are numbers. */
  readonly difference: number;
}

/** The worst value beyond the tolerance; undefined when the predictions agree. */
export function findMismatch(expected: unknown, actual: unknown, tolerance = defaultTolerance): Mismatch | undefined {
  if (!isObject(expected) || !isObject(actual)) return findValueMismatch(expected, actual, tolerance);
  let worst: Mismatch | undefined;
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const found = findMismatch(own(expected, key), own(actual, key), tolerance);
    if (found !== undefined && !(found.difference <= (worst?.difference ?? -1)))
      worst = { ...found, path: [key, ...found.path] };
  }
  return worst;
}

function findValueMismatch(expected: unknown, actual: unknown, tolerance: number): Mismatch | undefined {
  if (expected === actual) return undefined;
  const areNumbers = typeof expected === 'number' && typeof actual === 'number';
  const difference = areNumbers ? Math.abs(expected - actual) : Number.POSITIVE_INFINITY;
  return areNumbers && isWithin(difference, expected, tolerance)
    ? undefined
    : { path: [], expected, actual, difference };
}

/** The largest difference between corresponding numbers of two predictions. */
export function largestDifference(expected: unknown, actual: unknown): number {
  if (typeof expected === 'number' && typeof actual === 'number') return Math.abs(expected - actual);
  if (!isObject(expected) || !isObject(actual)) return 0;
  let largest = 0;
  for (const key of Object.keys(expected))
    largest = Math.max(largest, largestDifference(expected[key], own(actual, key)));
  return largest;
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
