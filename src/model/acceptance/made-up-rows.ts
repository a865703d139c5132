/** Makes up rows far from real ones: next to them, rows that influence each other show it. */
import type { Card } from '../card/card';
import { createTensors, rowWidth, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';

/** Larger than any plausible mistake, and well within float32. */
const farValue = 1_000;

/** A row far from the first of `rows`, one far from it in the other direction, and one of zeros. */
export function makeUpRows(card: Card, rows: Tensors) {
  return { far: move(card, rows, 1), opposite: move(card, rows, -1), zeros: createTensors(card.inputs, 1) };
}

function move(card: Card, rows: Tensors, sign: 1 | -1): Tensors {
  return { rows: 1, data: card.inputs.map((spec, i) => moveData(card, spec, rows.data[i] as TensorData, sign)) };
}

function moveData(card: Card, spec: TensorSpec, source: TensorData, sign: 1 | -1): TensorData {
  const data = source.slice(0, rowWidth(spec));
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return data;
  const kept = namedColumns(card, spec);
  for (const [column, value] of data.entries())
    if (!kept.has(column)) data[column] = sign * direction(column) * farValue * Math.max(1, Math.abs(value));
  return data;
}

/** Columns move differently: shares among them (softmax) would stay as they are if all moved alike. */
function direction(column: number): number {
  return (column % 2 === 0 ? 1 : -1) * (1 + (column % 3));
}

/** Columns whose numbers are categories: the model may reject other values. */
function namedColumns({ features }: Card, { name }: TensorSpec): ReadonlySet<number> {
  const named = features.filter(({ input, categories }) => input === name && categories !== undefined);
  return new Set(named.map(({ column }) => column));
}
