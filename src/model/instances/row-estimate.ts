/** How many rows a body has, as far as its length says: long requests are refused by it before they are parsed. */
import { datatypes } from '../tensors/datatypes';
import { rowWidth, type TensorSpec } from '../tensors/tensors';

/** A number with its comma in JSON, or in little-endian binary: most have fewer. */
const bytesOfElement = 8;

/** Makes a function from the bytes of a body to its rows, roughly. Values of any length say nothing: such a body is taken for a short one. */
export function createRowEstimate(inputs: readonly TensorSpec[]): (bodyBytes: number) => number {
  if (inputs.some(({ datatype }) => datatypes[datatype].bytes === undefined)) return () => 0;
  const bytesOfRow = bytesOfElement * inputs.reduce((sum, spec) => sum + rowWidth(spec), 0);
  return (bodyBytes) => Math.floor(bodyBytes / bytesOfRow);
}
