/** What a run of the model gave, held to the card: every output, of its type, with exactly the rows that ran. */
import { toRuntimeType } from './datatypes';
import type { TensorData, TensorSpec, Tensors } from './tensors';

/** A tensor as the runtime gives it. */
export interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** An output that does not belong to the rows that ran. Nothing of such a run is any caller's. */
export class OutputMisfit extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutputMisfit';
  }
}

/** The outputs in the order of the card. Throws an `OutputMisfit` when one is missing, or has another type or other dimensions. */
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
    `A run of ${rows} rows must give the output "${spec.name}" as ${describe(toRuntimeType(spec.datatype), [rows, ...sizes])}, ` +
      `one entry for each row, got ${tensor === undefined ? 'nothing' : describe(tensor.type, tensor.dims)}.`,
  );
}

// Every dimension counts: a matrix on its side has as many elements, and other rows.
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
