/** Background rows in which a coalition's features take the values of an instance. */
import type { Card } from '../../model/card/card';
import { companionsOf } from '../../model/card/companions';
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

/** Elements of a row that a feature fills. */
interface Slot {
  readonly tensor: number;
  readonly column: number;
  readonly size: number;
  readonly width: number;
}

export function createMix({ inputs, features }: Card, background: Tensors, { count, has }: Coalitions): Mix {
  const slots = features.map((feature) => {
    const { input, column, shape = [], tokenizer } = feature;
    const isWhole = tokenizer !== undefined;
    // A row of free sizes is one element.
    const own = toSlot(input, column, (spec) => (isWhole || isFree(spec) ? rowWidth(spec) : elementCount(shape)));
    return [own, ...companionsOf(feature).map((name) => toSlot(name, 0, rowWidth))];
  });

  function toSlot(input: string, column: number, sizeOf: (spec: TensorSpec) => number): Slot {
    const tensor = inputs.findIndex(({ name }) => name === input);
    const spec = inputs[tensor] as TensorSpec;
    return { tensor, column, size: sizeOf(spec), width: rowWidth(spec) };
  }

  const span = { tensors: background, from: 0, to: background.rows };

  /** Copies one feature value, which may be a tensor or several, into every row of a piece. */
  function know(mixed: Tensors, firstRow: number, instances: Tensors, instance: number, feature: number): void {
    for (const slot of slots[feature] as readonly Slot[]) copySlot(mixed, firstRow, instances, instance, slot);
  }

  function copySlot(mixed: Tensors, firstRow: number, instances: Tensors, instance: number, slot: Slot): void {
    const { tensor, column, size, width } = slot;
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
