/** Instances of the sizes that a card allows: whether the model survives them, and what the largest costs. */
import { join } from 'node:path';
import type { Card } from '../../model/card/card';
import { isFree, type TensorSpec } from '../../model/tensors/tensors';
import { isRan, type Patience, runZeros } from './trials/trial-run';

const kilobytesPerMb = 1e3;

/** A run on one instance that takes longer is taken for one that never ends. */
const longestMs = 10_000;

export interface Sizes {
  readonly text: string;
  /** Memory that the largest instance takes beyond the smallest; 0 where it did not run. */
  readonly megabytes: number;
}

/**
 * Describes what the largest instance takes; undefined when callers choose no sizes.
 *
 * Throws when zeros of sizes that the card allows end the process: a caller could do that. Some kernels of ONNX Runtime divide by
 * a size that is zero within the model, which stops a process.
 */
export function describeSizes(directory: string, card: Card, patience: Patience): Sizes | undefined {
  if (!card.inputs.some(isFree)) return undefined;
  const inputs = [...card.inputs, ...(card.constants ?? [])];
  const lists = sizesBetween(card.inputs).map((size) => inputs.map((spec) => atSize(spec, size)));
  const outcomes = runZeros(join(directory, card.weights.file), lists, 'all', patience);
  const deadly = outcomes.findIndex(
    (outcome) => outcome === 'died' || (outcome === 'late' && patience.runMs >= longestMs),
  );
  if (deadly !== -1)
    throw new Error(
      `zeros of ${describe(lists[deadly] ?? [])} end the process, or take longer than ${longestMs / 1_000} s: expected a minShape and a maxShape that the model survives`,
    );
  const late = outcomes.indexOf('late');
  const untried = lists[late === -1 ? outcomes.length : late];
  if (untried !== undefined)
    return { text: `not tried for lack of time: ${describe(untried)} (--seconds gives more)`, megabytes: 0 };
  return describeLargest(card, outcomes);
}

function describeLargest({ inputs }: Card, outcomes: ReturnType<typeof runZeros>): Sizes {
  const largest = inputs.filter(isFree).map(({ name, maxShape = [] }) => `${name} [${maxShape.join(', ')}]`);
  const [smallest] = outcomes.filter(isRan);
  const last = outcomes.at(-1);
  if (!isRan(last) || smallest === undefined)
    return {
      text: `${largest.join(', ')}: the model cannot run zeros of these sizes; callers would be told`,
      megabytes: 0,
    };
  const megabytes = (last.peakKilobytes - smallest.peakKilobytes) / kilobytesPerMb;
  const taken = `${last.ms.toFixed(1)} ms, with ${megabytes.toFixed(0)} MB of memory beyond what the smallest takes`;
  return { text: `${largest.join(', ')} in ${taken}`, megabytes };
}

function describe(specs: readonly TensorSpec[]): string {
  return specs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
}

/** Powers of two, from 1 to the largest size. */
function sizesBetween(inputs: readonly TensorSpec[]): readonly number[] {
  const largest = Math.max(1, ...inputs.flatMap(({ maxShape = [] }) => maxShape));
  return Array.from({ length: Math.ceil(Math.log2(largest)) + 1 }, (_, i) => 2 ** i);
}

/** With this size in the place of each that is free, as far as the card allows; one row. */
function atSize(spec: TensorSpec, size: number): TensorSpec {
  const { shape, minShape = shape, maxShape = shape } = spec;
  const bounded = (i: number) => {
    const [low, high] = [Math.max(1, minShape[i] as number), maxShape[i] as number];
    return high === -1 ? 1 : Math.min(Math.max(size, low), high);
  };
  return { ...spec, shape: shape.map((each, i) => (each === -1 ? bounded(i) : each)) };
}
