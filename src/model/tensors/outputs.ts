/** Checks the outputs of a run against the card: all present, of the right type, with exactly the rows that ran. */
import { toRuntimeType } from './datatypes';
import type { TensorData, TensorSpec, Tensors } from './tensors';

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
  if (tensor !== undefined && isOfRows(spec, tensor, rows)) return tensor.data as TensorData;
  const [, ...sizes] = spec.shape;
  throw new OutputMisfit(
    `The output "${spec.name}" does not match the rows of its run: ` +
      `expected ${describe(toRuntimeType(spec.datatype), [rows, ...sizes])}, got ${tensor === undefined ? 'nothing' : describe(tensor.type, tensor.dims)}.`,
  );
}

// Compares every dimension: a transposed matrix has as many elements, but other rows.
function isOfRows({ datatype, shape }: TensorSpec, { type, dims, data }: RuntimeTensor, rows: number): boolean {
  if (type !== toRuntimeType(datatype) || dims.length !== shape.length || dims[0] !== rows) return false;
  let elements = rows;
  for (let i = 1; i < shape.length; i++) {
    if (dims[i] !== shape[i]) return false;
    elements *= shape[i] as number;
  }
  return (data as TensorData).length === elements;
}

function describe(type: string, dims: readonly number[]): string {
  return `${type}[${dims.join(', ')}]`;
}
