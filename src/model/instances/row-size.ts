/** The size of one row in JSON, in any protocol, and the limits of a body that follow. */
import { type JsonLimits, limitsOfRows, type RowSize } from '../../json/limits';
import type { Card, Feature } from '../card/card';
import { rowSizes, type TensorSpec } from '../tensors/tensors';

// Late: it takes a cold start more than a millisecond, and only a body of many values asks.
const loadV8 = () => require('node:v8') as typeof import('node:v8');

/** The share of the heap that one body's values may take. Long bodies are handled one at a time. */
const heapShare = 1 / 4;

/** The limits of bodies that hold up to `maxRows` rows. */
export function createBodyLimits(card: Card, maxRows: number, maxDepth: number): JsonLimits {
  return limitsOfRows(sizeOfRow(card, maxRows), maxDepth, () =>
    Math.floor(loadV8().getHeapStatistics().heap_size_limit * heapShare),
  );
}

/** A row is an instance, or a slice of each tensor; the values of both may be nested. */
function sizeOfRow({ features, inputs }: Card, maxRows: number): RowSize {
  const instance = add(features.map((feature) => sizeOfValue(sizesOf(feature, inputs))));
  const tensors = add(inputs.map((spec) => sizeOfValue(largestSizes(spec))));
  return {
    maxRows,
    values: Math.max(instance.values, tensors.values),
    arrays: Math.max(instance.arrays, tensors.arrays),
    members: features.length,
  };
}

function largestSizes(spec: TensorSpec): readonly number[] {
  return rowSizes({ ...spec, shape: spec.maxShape ?? spec.shape });
}

function sizesOf({ shape = [], input }: Feature, inputs: Card['inputs']): readonly number[] {
  const spec = inputs.find(({ name }) => name === input);
  return shape.includes(-1) && spec !== undefined ? largestSizes(spec) : shape;
}

type Size = Pick<RowSize, 'values' | 'arrays'>;

function sizeOfValue(shape: readonly number[]): Size {
  let values = 1;
  let arrays = 0;
  for (const size of shape) {
    arrays += values;
    values *= size;
  }
  return { values: values + arrays, arrays };
}

function add(sizes: readonly Size[]): Size {
  return sizes.reduce((sum, { values, arrays }) => ({ values: sum.values + values, arrays: sum.arrays + arrays }), {
    values: 0,
    arrays: 0,
  });
}
