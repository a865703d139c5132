/** Tensors whose sizes differ from row to row: split from a run's, and grouped by equal sizes. */
import {
  type Elements,
  elementCount,
  isFree,
  type RowTensor,
  rowSizes,
  type TensorSpec,
  type Tensors,
} from './tensors';

/** Splits a tensor of this shape into its rows, without a copy of numbers. */
export function splitRows({ isSingle = false }: TensorSpec, shape: readonly number[], data: Elements): RowTensor[] {
  if (isSingle) return [{ sizes: shape, data }];
  const sizes = shape.slice(1);
  const width = elementCount(sizes);
  const part = (from: number) =>
    Array.isArray(data) ? data.slice(from, from + width) : data.subarray(from, from + width);
  return Array.from({ length: shape[0] ?? 0 }, (_, row) => ({ sizes, data: part(row * width) }));
}

/** Rows that can share a run, in the order of their first ones: those whose tensors all have equal sizes. */
export function groupRows(specs: readonly TensorSpec[], { rows, data }: Tensors): readonly (readonly number[])[] {
  const [first] = specs;
  if (first?.isSingle === true) return Array.from({ length: rows }, (_, row) => [row]);
  const free = specs.flatMap((spec, t) => (isFree(spec) ? [data[t] as readonly RowTensor[]] : []));
  const groups = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const key = free.map((tensors) => tensors[row]?.sizes.join()).join(';');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** The sizes that rows of a group share, and their elements one after the other. */
export function joinGroup(spec: TensorSpec, data: Tensors['data'][number], group: readonly number[]): RowTensor {
  const rows = group.map((row) => rowOf(spec, data, row));
  const [first] = rows as [RowTensor];
  return rows.length === 1 ? first : { sizes: first.sizes, data: concatenate(rows.map((row) => row.data)) };
}

function partOf(data: Elements, from: number, to: number): Elements {
  return Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
}

function concatenate(parts: readonly Elements[]): Elements {
  const [first] = parts as [Elements];
  if (Array.isArray(first)) return (parts as readonly string[][]).flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (first.constructor as new (length: number) => Float32Array<ArrayBuffer>)(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part as Float32Array, at);
    at += part.length;
  }
  return joined;
}

/** One row of a tensor. */
export function rowOf(spec: TensorSpec, data: Tensors['data'][number], row: number): RowTensor {
  if (isFree(spec)) return (data as readonly RowTensor[])[row] as RowTensor;
  const sizes = rowSizes(spec);
  const width = elementCount(sizes);
  return { sizes, data: partOf(data as Elements, row * width, (row + 1) * width) };
}

/** Whether two rows have the same sizes. */
export function haveEqualSizes(left: RowTensor, right: RowTensor): boolean {
  return left.sizes.length === right.sizes.length && left.sizes.every((size, i) => size === right.sizes[i]);
}
