/** A tensor in a prediction, as JSON text and as schema: a number, nested arrays, or an object when its columns are named. */
import type { OutputSpec } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { nestedArray, type Schema } from '../tensors/elements';
import { elementCount, rowWidth, type TensorData, type Tensors } from '../tensors/tensors';
import type { PredictionWriter } from './prediction';

/** `index` is the output's position in the card. */
export function tensorWriter(spec: OutputSpec, index: number): PredictionWriter {
  const { datatype, columns } = spec;
  const { write } = datatypes[datatype];
  const width = rowWidth(spec);
  if (columns !== undefined) {
    const keys = columns.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    return (outputs, row) => {
      const data = outputs.data[index] as TensorData;
      return `${keys.map((key, i) => key + write(data[row * width + i])).join('')}}`;
    };
  }
  return rawWriter(spec, index);
}

/** Writes the elements of a row without the names of its columns. */
export function rawWriter({ datatype, shape }: OutputSpec, index: number): PredictionWriter {
  const { write } = datatypes[datatype];
  const [, ...sizes] = shape;
  const width = elementCount(sizes);
  return ({ data }: Tensors, row) => writeLevel(data[index] as TensorData, row * width, sizes, width, write);
}

function writeLevel(
  data: TensorData,
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

export function tensorSchema({ datatype, shape, columns }: OutputSpec): Schema {
  const { answerSchema } = datatypes[datatype];
  if (columns !== undefined) {
    const properties = Object.fromEntries(columns.map((name) => [name, answerSchema]));
    return { type: 'object', required: columns, properties };
  }
  return nestedArray(shape.slice(1), answerSchema);
}
