/** Tensors between callers and the model: one flat, row-major array per tensor, all with the same number of rows. */
import { type Datatype, datatypes, type SizedRow, type TextRow } from './datatypes';

export type SizedData = InstanceType<SizedRow['array']>;
/** Elements in row-major order. */
export type Elements = SizedData | InstanceType<TextRow['array']>;

/** One row of a tensor whose sizes differ from row to row. */
export interface RowTensor {
  /** Without the dimension that counts rows. */
  readonly sizes: readonly number[];
  readonly data: Elements;
}

/** The elements of all rows or, where sizes are free, a tensor for each row. */
export type TensorData = Elements | readonly RowTensor[];

/** A tensor of the signature; -1 is a free size. The first dimension counts rows, unless the model takes single instances. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Whether the tensor belongs to one instance: no dimension counts rows. */
  readonly isSingle?: boolean;
  /** The largest sizes that are accepted, for those that are free. */
  readonly maxShape?: readonly number[];
  /** The least sizes that are accepted, for those that are free; 1 unless told. */
  readonly minShape?: readonly number[];
}

/** The data of all tensors of a signature, in its order; `data[t]` has `rows * rowWidth(spec t)` elements. */
export interface Tensors {
  readonly rows: number;
  readonly data: readonly TensorData[];
  /** What callers sent for features that are texts, by the names of the features: tensors hold their ids. */
  readonly texts?: ReadonlyMap<string, string[]> | undefined;
}

/** The sizes of one row. */
export function rowSizes({ shape, isSingle = false }: TensorSpec): readonly number[] {
  return isSingle ? shape : shape.slice(1);
}

/** The shape of the tensor that the runtime takes for so many rows of these sizes. */
export function shapeOfRows({ isSingle = false }: TensorSpec, rows: number, sizes: readonly number[]): number[] {
  return isSingle ? [...sizes] : [rows, ...sizes];
}

/** Whether each row has sizes of its own. */
export function isFree(spec: TensorSpec): boolean {
  return rowSizes(spec).includes(-1);
}

/** Whether the data are a tensor for each row. */
export function isRowTensors(data: TensorData): data is readonly RowTensor[] {
  return Array.isArray(data) && typeof data[0] === 'object';
}

/** The arrays that hold the elements of a tensor. */
export function toElementArrays(data: TensorData): readonly Elements[] {
  return isRowTensors(data) ? data.map((row) => row.data) : [data as Elements];
}

/** Elements of one row; 1 where each row is a tensor of its own. */
export function rowWidth(spec: TensorSpec): number {
  return isFree(spec) ? 1 : elementCount(rowSizes(spec));
}

export function elementCount(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** Tensors of `rows` rows, filled with zeros or empty strings; free sizes are 1. */
export function createTensors(specs: readonly TensorSpec[], rows: number): Tensors {
  return { rows, data: specs.map((spec) => (isFree(spec) ? createRowTensors(spec, rows) : createFlat(spec, rows))) };
}

function createFlat(spec: TensorSpec, rows: number): Elements {
  return createData(spec.datatype, rows * rowWidth(spec));
}

function createRowTensors(spec: TensorSpec, rows: number): RowTensor[] {
  const sizes = rowSizes(spec).map((size) => Math.max(1, size));
  return new Array<RowTensor>(rows).fill({ sizes, data: createData(spec.datatype, elementCount(sizes)) });
}

export function createData(datatype: Datatype, length: number): Elements {
  const row = datatypes[datatype];
  return row.bytes === undefined ? new row.array(length).fill('') : new row.array(length);
}

/** Little-endian bytes as elements: a view when they are aligned, else a copy. */
export function toElements({ array, bytes: size, packing }: SizedRow, bytes: Uint8Array): SizedData {
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  if (packing !== undefined) return packing.unpack(new Uint16Array(buffer, byteOffset, bytes.length / size));
  return new array(buffer as ArrayBuffer, byteOffset, bytes.length / size);
}

/** The bytes of elements, without a copy where they lie in memory as on the wire. */
export function toBytes({ packing }: SizedRow, data: SizedData): Buffer {
  const { buffer, byteOffset, byteLength } = packing === undefined ? data : packing.pack(data as Float32Array);
  return Buffer.from(buffer, byteOffset, byteLength);
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
    copyElements(source, from * width, to * width, sink, row * width);
  }
}

/** Below, a loop is faster than a view of the elements. */
const fewElements = 16;

/** Both sides follow the same spec, so their element types agree. */
function copyElements(source: TensorData, from: number, to: number, sink: TensorData, at: number): void {
  if (isArray(sink) || to - from < fewElements)
    for (let i = from, j = at; i < to; i++, j++) (sink as unknown[])[j] = source[i];
  else if (from === 0 && to === source.length) (sink as Float32Array).set(source as Float32Array, at);
  else (sink as Float32Array).set((source as Float32Array).subarray(from, to), at);
}

function isArray(data: TensorData): data is string[] | readonly RowTensor[] {
  return Array.isArray(data);
}
