/** Locates numeric features in the input tensors, with the range that each had in training. */
import type { Card, FeatureRange } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { rowWidth, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';

export interface RangedFeature {
  readonly name: string;
  /** The range as the card states it. */
  readonly range: FeatureRange;
  /** The range rounded as the tensor holds it: a decimal may differ from the nearest float32. */
  readonly minimum: number;
  readonly maximum: number;
  /** Rounds a number to what the tensor holds. */
  round(value: number): number;
  /** The elements of the feature's tensor; row r has its value at `r * width + column`. */
  elements(inputs: Tensors): TensorData;
  readonly width: number;
  readonly column: number;
  /** The value in a row, as callers write it. */
  read(inputs: Tensors, row: number): number;
}

export function rangedFeatures({ inputs, features }: Card): readonly RangedFeature[] {
  return features.flatMap(({ name, input, column, shape, training }) => {
    const index = inputs.findIndex((tensor) => tensor.name === input);
    const spec = inputs[index] as TensorSpec;
    if (training === undefined || shape !== undefined || datatypes[spec.datatype].kind === 'text') return [];
    const { round, toNumber } = datatypes[spec.datatype];
    const width = rowWidth(spec);
    return {
      name,
      range: training,
      minimum: round(training.minimum),
      maximum: round(training.maximum),
      round,
      elements: ({ data }) => data[index] as TensorData,
      width,
      column,
      read: ({ data }, row) => toNumber((data[index] as TensorData)[row * width + column]),
    } satisfies RangedFeature;
  });
}
