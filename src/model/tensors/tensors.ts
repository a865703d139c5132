/** Tensors between callers and the model: one flat, row-major array per tensor, all with the same number of rows. */
import { type Datatype, datatypes, type SizedRow, type TextRow } from './datatypes';

type SizedData = InstanceType<SizedRow['array']>;
export type TensorData = SizedData | InstanceType<TextRow['array']>;

/** A tensor of the signature. The first dimension counts rows and is -1; the others are fixed. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** The data of all tensors of a signature, in its order; `data[t]` has `rows * rowWidth(spec t)` elements. */
export interface Tensors {
  readonly rows: number;
  readonly data: readonly TensorData[];
}

/** Elements of one row. */
export function rowWidth(spec: TensorSpec): number {
  return elementCount(spec.shape.slice(1));
}

export function elementCount(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** Tensors of `rows` rows, filled with zeros or empty strings. */
export function createTensors(specs: readonly TensorSpec[], rows: number): Tensors {
  return { rows, data: specs.map((spec) => createData(spec.datatype, rows * rowWidth(spec))) };
}

export function createData(datatype: Datatype, length: number): TensorData {
  const row = datatypes[datatype];
  return row.bytes === undefined ? new row.array(length).fill('') : new row.array(length);
}

/** Little-endian bytes as elements: a view when they are aligned, else a copy. */
export function toElements({ array, bytes: size }: SizedRow, bytes: Uint8Array): SizedData {
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new array(buffer as ArrayBuffer, byteOffset, bytes.length / size);
}

/** The bytes of elements, without a copy. */
export function toBytes(data: SizedData): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Rows `from` (inclusive) to `to` (exclusive). */
export interface RowSpan {
  readonly tensors: Tensors;
  readonly from: number;
  readonly to: number;
}

/** Joins spans into new tensors. A single span of whole tensors is returned without a copy. */
export function joinRows(specs: readonly TensorSpec[], spans: readonly RowSpan[]): Tensors {
  const [first] = spans;
  if (first !== undefined && spans.length === 1 && first.from === 0 && first.to === first.tensors.rows)
    return first.tensors;

  let rows = 0;
  for (const { from, to } of spans) rows += to - from;
  const joined = createTensors(specs, rows);
  let row = 0;
  for (const span of spans) {
    copyRows(span, joined, row);
    row += span.to - span.from;
  }
  return joined;
}

/** Copies a span into `target`, starting at `row`. */
export function copyRows({ tensors, from, to }: RowSpan, target: Tensors, row: number): void {
  for (let t = 0; t < target.data.length; t++) {
    const source = tensors.data[t] as TensorData;
    const sink = target.data[t] as TensorData;
    const width = source.length / tensors.rows;
    const isWhole = from === 0 && to === tensors.rows;
    copyElements(isWhole ? source : part(source, from * width, to * width), sink, row * width);
  }
}

function part(source: TensorData, from: number, to: number): TensorData {
  return Array.isArray(source) ? source.slice(from, to) : source.subarray(from, to);
}

function copyElements(source: TensorData, sink: TensorData, at: number): void {
  if (!Array.isArray(sink)) {
    // Both sides follow the same spec, so their element types agree.
    (sink as Float32Array).set(source as Float32Array, at);
    return;
  }
  for (let i = 0; i < source.length; i++) sink[at + i] = source[i] as string;
}
