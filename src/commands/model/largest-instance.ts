/** The least and the largest instance that a card allows: whether the model survives them, and what the largest costs. */
import { join } from 'node:path';
import type { Card } from '../../model/card/card';
import type { Session } from '../../model/runtime/session';
import { createData, elementCount, isFree, rowSizes, type TensorSpec, type Tensors } from '../../model/tensors/tensors';
import { runZeros } from './trials/trial-run';

const kilobytesPerMb = 1e3;

/** Undefined when callers choose no sizes. */
export async function describeLargest({ attempt }: Session, card: Card): Promise<string | undefined> {
  if (!card.inputs.some(isFree)) return undefined;
  const largest: Tensors = { rows: 1, data: card.inputs.map(largestOf) };
  const sizes = card.inputs.filter(isFree).map(({ name, maxShape = [] }) => `${name} [${maxShape.join(', ')}]`);
  const before = process.resourceUsage().maxRSS;
  const startedAt = performance.now();
  try {
    await attempt(() => largest);
  } catch (failure) {
    return `${sizes.join(', ')}: the model cannot run zeros of these sizes; callers would be told. ${(failure as Error).message}`;
  }
  const ms = performance.now() - startedAt;
  const megabytes = (process.resourceUsage().maxRSS - before) / kilobytesPerMb;
  return `${sizes.join(', ')} in ${ms.toFixed(1)} ms, with ${Math.max(0, megabytes).toFixed(0)} MB of memory beyond what smaller ones take`;
}

/**
 * Throws when zeros of sizes that the card allows end the process: a caller could do that.
 *
 * Some kernels of ONNX Runtime divide by a size that is zero within the model, which stops a process.
 */
export function survivesSizes(directory: string, card: Card): true {
  if (!card.inputs.some(isFree)) return true;
  const inputs = [...card.inputs, ...(card.constants ?? [])];
  const lists = sizesBetween(card.inputs).map((size) => inputs.map((spec) => atSize(spec, size)));
  const deadly = runZeros(join(directory, card.weights.file), lists, 'all').indexOf('died');
  if (deadly === -1) return true;
  const sizes = (lists[deadly] as readonly TensorSpec[]).map(({ name, shape }) => `${name} [${shape.join(', ')}]`);
  throw new Error(
    `zeros of ${sizes.join(', ')} end the process, or never end: expected a minShape and a maxShape that the model survives`,
  );
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

function largestOf(spec: TensorSpec): Tensors['data'][number] {
  const sizes = rowSizes({ ...spec, shape: spec.maxShape ?? spec.shape });
  const data = createData(spec.datatype, elementCount(sizes));
  return isFree(spec) ? [{ sizes, data }] : data;
}
