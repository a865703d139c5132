/** Locates numeric features in the input tensors, and values in the outputs, with the range that each had in training. */
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
    return toRanged({ name, range: training, index, spec, column });
  });
}

/** The values that the model returns, such as a regressor's. */
export function rangedOutputs({ outputs }: Card): readonly RangedFeature[] {
  return outputs.flatMap((spec, index) => {
    const { name, columns, training = [] } = spec;
    const nameOf = (column: number) => columns?.[column] ?? (training.length === 1 ? name : `${name}[${column}]`);
    return training.map((range, column) => toRanged({ name: nameOf(column), range, index, spec, column }));
  });
}

interface Place {
  readonly name: string;
  readonly range: FeatureRange;
  /** Of the tensor among those of its side. */
  readonly index: number;
  readonly spec: TensorSpec;
  readonly column: number;
}

function toRanged({ name, range, index, spec, column }: Place): RangedFeature {
  const { round, toNumber } = datatypes[spec.datatype];
  const width = rowWidth(spec);
  return {
    name,
    range,
    minimum: round(range.minimum),
    maximum: round(range.maximum),
    round,
    elements: ({ data }) => data[index] as TensorData,
    width,
    column,
    read: ({ data }, row) => toNumber((data[index] as TensorData)[row * width + column]),
  };
}
