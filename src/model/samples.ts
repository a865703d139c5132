/** The golden samples: inputs with the trainer's own predictions, which the loaded model must repeat. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Sample {
  /** An instance as callers send it. */
  readonly instance: unknown;
  /** The prediction as callers get it, computed by the trainer's library. */
  readonly prediction: unknown;
}

export const samplesFileName = 'samples.json';

/** Unless the card says otherwise: runtimes and thread counts move the seventh digit of a float32. */
export const defaultTolerance = 1e-6;

export function readSamples(directory: string): readonly Sample[] {
  const file = JSON.parse(readFileSync(join(directory, samplesFileName), 'utf8')) as {
    readonly samples: readonly Sample[];
  };
  return file.samples;
}

/** Up to `count` samples spread evenly over all, so that every class of a sorted data set is among them. */
export function spreadSamples(samples: readonly Sample[], count: number): readonly Sample[] {
  const step = Math.max(1, samples.length / count);
  return Array.from({ length: Math.min(count, samples.length) }, (_, i) => samples[Math.floor(i * step)] as Sample);
}

/** Whether two predictions have the same members, equal but for the tolerance in numbers, which is relative beyond 1. */
export function isSamePrediction(expected: unknown, actual: unknown, tolerance = defaultTolerance): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') {
    return Math.abs(expected - actual) <= tolerance * Math.max(1, Math.abs(expected));
  }
  if (!isObject(expected) || !isObject(actual)) return expected === actual;
  const keys = Object.keys(expected);
  if (keys.length !== Object.keys(actual).length) return false;
  return keys.every((key) => Object.hasOwn(actual, key) && isSamePrediction(expected[key], actual[key], tolerance));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
