/** How far apart two values are, and the same row in two runs. */
import { haveEqualSizes, rowOf } from './row-tensors';
import type { Elements, RowTensor, TensorData, TensorSpec, Tensors } from './tensors';

/** Used unless the card sets one: runtimes and thread counts change the seventh digit of a float32. */
export const defaultTolerance = 1e-6;

interface OutputRow {
  readonly outputs: Tensors;
  readonly row: number;
}

/** The largest difference between two rows, and the output that has it. */
export interface RowDifference {
  readonly output: string;
  readonly difference: number;
  readonly isBeyond: boolean;
}

/** Infinite between different strings, and between a number and anything else. */
export function distance(a: unknown, b: unknown): number {
  if (Object.is(a, b)) return 0;
  if (typeof a === 'bigint' && typeof b === 'bigint') return Math.abs(Number(a - b));
  const between = typeof a === 'string' ? Number.NaN : Math.abs(Number(a) - Number(b));
  return Number.isNaN(between) ? Number.POSITIVE_INFINITY : between;
}

/** The tolerance is absolute for expected values up to 1, relative beyond. */
export function isWithin(difference: number, expected: unknown, tolerance: number): boolean {
  return Number.isFinite(difference) && difference <= tolerance * Math.max(1, Math.abs(Number(expected)));
}

/** Finds the largest difference between two rows. One beyond the tolerance outranks any within it. */
export function createRowComparison(specs: readonly TensorSpec[], tolerance = defaultTolerance) {
  return function compare(expected: OutputRow, actual: OutputRow): RowDifference {
    let worst: RowDifference = { output: specs[0]?.name ?? '', difference: 0, isBeyond: false };
    for (const [t, spec] of specs.entries()) {
      const found = compareRows(pick(expected, t, spec), pick(actual, t, spec), tolerance);
      if (isWorse(found, worst)) worst = { output: spec.name, ...found };
    }
    return worst;
  };
}

type Difference = Omit<RowDifference, 'output'>;

/** Rows of other sizes are infinitely far apart. */
function compareRows(expected: RowTensor, actual: RowTensor, tolerance: number): Difference {
  if (!haveEqualSizes(expected, actual)) return { difference: Number.POSITIVE_INFINITY, isBeyond: true };
  return compareElements(expected.data, actual.data, tolerance);
}

function compareElements(expected: Elements, actual: Elements, tolerance: number): Difference {
  let worst: Difference = { difference: 0, isBeyond: false };
  for (let i = 0; i < expected.length; i++) {
    const difference = distance(expected[i], actual[i]);
    if (difference === 0) continue;
    const found = { difference, isBeyond: !isWithin(difference, expected[i], tolerance) };
    if (isWorse(found, worst)) worst = found;
  }
  return worst;
}

function isWorse(found: Difference, worst: Difference): boolean {
  return found.isBeyond === worst.isBeyond ? found.difference > worst.difference : found.isBeyond;
}

function pick({ outputs, row }: OutputRow, tensor: number, spec: TensorSpec): RowTensor {
  return rowOf(spec, outputs.data[tensor] as TensorData, row);
}
