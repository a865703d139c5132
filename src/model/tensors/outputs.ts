/** Checks the outputs of a run against the card: all present, of the right type, with exactly the rows that ran. */
import { datatypes, toRuntimeType } from './datatypes';
import { splitRows } from './row-tensors';
import {
  type Elements,
  elementCount,
  isFree,
  rowSizes,
  type SizedData,
  shapeOfRows,
  type TensorData,
  type TensorSpec,
  type Tensors,
} from './tensors';

/** A tensor as the runtime returns it. */
interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** An output does not match the rows that ran: no caller may get results of that run. */
export class OutputMisfit extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutputMisfit';
  }
}

/** The outputs in the card's order. Throws an `OutputMisfit` when one is missing or has the wrong type or shape. */
export function toOutputs(
  specs: readonly TensorSpec[],
  results: Readonly<Record<string, RuntimeTensor | undefined>>,
  rows: number,
): Tensors {
  return { rows, data: specs.map((spec) => toData(spec, results[spec.name], rows)) };
}

function toData(spec: TensorSpec, tensor: RuntimeTensor | undefined, rows: number): TensorData {
  if (tensor !== undefined && isOfRows(spec, tensor, rows)) {
    const data = unpack(spec, tensor.data as SizedData);
    return isFree(spec) ? splitRows(spec, tensor.dims, data) : data;
  }
  throw new OutputMisfit(
    `The output "${spec.name}" does not match the rows of its run: ` +
      `expected ${describe(toRuntimeType(spec.datatype), shapeOfRows(spec, rows, rowSizes(spec)))}, ` +
      `got ${tensor === undefined ? 'nothing' : describe(tensor.type, tensor.dims)}.`,
  );
}

/** As the package holds elements. Newer Node.js has an array for half precision, whose bits are the same. */
function unpack({ datatype }: TensorSpec, data: SizedData): Elements {
  const { packing } = datatypes[datatype];
  return packing === undefined ? data : packing.unpack(new Uint16Array(data.buffer, data.byteOffset, data.length));
}

// Compares every dimension: a transposed matrix has as many elements, but other rows.
function isOfRows(spec: TensorSpec, { type, dims, data }: RuntimeTensor, rows: number): boolean {
  const { datatype, shape, isSingle = false } = spec;
  if (type !== toRuntimeType(datatype) || dims.length !== shape.length) return false;
  if (!isSingle && dims[0] !== rows) return false;
  for (let i = isSingle ? 0 : 1; i < shape.length; i++) if (shape[i] !== -1 && dims[i] !== shape[i]) return false;
  return (data as TensorData).length === elementCount(dims);
}

function describe(type: string, dims: readonly number[]): string {
  return `${type}[${dims.join(', ')}]`;
}
