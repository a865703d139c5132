/** Background rows in which a coalition's features take the values of an instance. */
import type { Card } from '../../model/card/card';
import {
  copyRows,
  createTensors,
  elementCount,
  isFree,
  rowWidth,
  type TensorData,
  type TensorSpec,
  type Tensors,
} from '../../model/tensors/tensors';
import type { Coalitions } from './coalitions';

/** Coalition c of instance i is piece `i * coalitions.count + c`; each piece has as many rows as the background. */
export type Mix = (instances: Tensors, from: number, to: number) => Tensors;

export function createMix({ inputs, features }: Card, background: Tensors, { count, has }: Coalitions): Mix {
  const slots = features.map(({ input, column, shape = [] }) => {
    const tensor = inputs.findIndex(({ name }) => name === input);
    const spec = inputs[tensor] as TensorSpec;
    // A row of free sizes is one element.
    const size = isFree(spec) ? 1 : elementCount(shape);
    return { tensor, column, size, width: rowWidth(spec) };
  });
  const span = { tensors: background, from: 0, to: background.rows };

  /** Copies one feature value, which may be a tensor, into every row of a piece. */
  function know(mixed: Tensors, firstRow: number, instances: Tensors, instance: number, feature: number): void {
    const { tensor, column, size, width } = slots[feature] as (typeof slots)[number];
    // Both come from the same spec, so the element types match.
    const source = instances.data[tensor] as TensorData as unknown[];
    const sink = mixed.data[tensor] as TensorData as unknown[];
    for (let at = column; at < column + size; at++) {
      const value = source[instance * width + at];
      for (let row = firstRow; row < firstRow + background.rows; row++) sink[row * width + at] = value;
    }
  }

  return (instances, from, to) => {
    const mixed = createTensors(inputs, (to - from) * background.rows);
    for (let piece = from; piece < to; piece++) {
      const firstRow = (piece - from) * background.rows;
      copyRows(span, mixed, firstRow);
      for (let feature = 0; feature < slots.length; feature++)
        if (has(piece % count, feature)) know(mixed, firstRow, instances, Math.floor(piece / count), feature);
    }
    return mixed;
  };
}
