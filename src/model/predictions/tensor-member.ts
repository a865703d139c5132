/** A tensor in a prediction, as JSON text and as schema: a number, nested arrays, or an object when its columns are named. */
import type { OutputSpec } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { nestedArray, type Schema } from '../tensors/elements';
import {
  type Elements,
  elementCount,
  isFree,
  type RowTensor,
  rowSizes,
  type TensorSpec,
  type Tensors,
} from '../tensors/tensors';
import type { PredictionWriter } from './prediction';

/** `index` is the output's position in the card. */
export function tensorWriter(output: OutputSpec, index: number): PredictionWriter {
  const { datatype, columns } = output;
  if (columns === undefined) return rawWriter(output, index);
  const { write } = datatypes[datatype];
  const keys = columns.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return (outputs, row) => {
    const data = outputs.data[index] as Elements;
    return `${keys.map((key, i) => key + write(data[row * columns.length + i])).join('')}}`;
  };
}

/** Writes the elements of a row without the names of its columns. */
export function rawWriter(output: TensorSpec, index: number): PredictionWriter {
  const { write } = datatypes[output.datatype];
  if (isFree(output)) return freeWriter(write, index);
  const sizes = rowSizes(output);
  const width = elementCount(sizes);
  return ({ data }: Tensors, row) => writeLevel(data[index] as Elements, row * width, sizes, width, write);
}

/** Each row has sizes of its own. */
function freeWriter(write: (element: unknown) => string, index: number): PredictionWriter {
  return (outputs, row) => {
    const { sizes, data } = (outputs.data[index] as readonly RowTensor[])[row] as RowTensor;
    return writeLevel(data, 0, sizes, data.length, write);
  };
}

/** Nested arrays of these lengths, from the element `from` on; `width` is the number of elements. */
export function writeLevel(
  data: Elements,
  from: number,
  [length, ...inner]: readonly number[],
  width: number,
  write: (element: unknown) => string,
): string {
  if (length === undefined) return write(data[from]);
  const step = width / length;
  let text = '';
  for (let i = 0; i < length; i++) {
    if (i > 0) text += ',';
    text +=
      step === 1 && inner.length === 0 ? write(data[from + i]) : writeLevel(data, from + i * step, inner, step, write);
  }
  return `[${text}]`;
}

export function tensorSchema(output: OutputSpec): Schema {
  const { datatype, columns } = output;
  const { answerSchema } = datatypes[datatype];
  if (columns !== undefined) {
    const properties = Object.fromEntries(columns.map((name) => [name, answerSchema]));
    return { type: 'object', required: columns, properties };
  }
  return nestedArray(rowSizes(output), answerSchema);
}
