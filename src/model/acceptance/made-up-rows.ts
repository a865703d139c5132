/** Makes up rows far from real ones: next to them, rows that influence each other show it. */
import type { Card } from '../card/card';
import { rowOf } from '../tensors/row-tensors';
import { createData, type Elements, isFree, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';

/** Larger than any plausible mistake, and well within float32. */
const farValue = 1_000;

/** A row far from the first of `rows`, one far from it in the other direction, and one of zeros. */
export function makeUpRows(card: Card, rows: Tensors) {
  return { far: move(card, rows, 1), opposite: move(card, rows, -1), zeros: fillRow(card, rows, zeroData) };
}

type Fill = (card: Card, spec: TensorSpec, data: Elements) => Elements;

/** A row with the sizes of the first of `rows`, and other elements. */
function fillRow(card: Card, rows: Tensors, fill: Fill): Tensors {
  const data = card.inputs.map((spec, i): TensorData => {
    const first = rowOf(spec, rows.data[i] as TensorData, 0);
    const filled = fill(card, spec, first.data);
    return isFree(spec) ? [{ sizes: first.sizes, data: filled }] : filled;
  });
  return { rows: 1, data };
}

function zeroData(_: Card, { datatype }: TensorSpec, { length }: Elements): Elements {
  return createData(datatype, length);
}

function move(card: Card, rows: Tensors, sign: 1 | -1): Tensors {
  return fillRow(card, rows, (_, spec, source) => moveData(card, spec, source, sign));
}

function moveData(card: Card, spec: TensorSpec, source: Elements, sign: 1 | -1): Elements {
  const data = source.slice();
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
