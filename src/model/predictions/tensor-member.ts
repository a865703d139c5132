/** A tensor in a prediction, as JSON text and as schema: a number, nested arrays, or an object when its columns are named. */
import type { OutputSpec } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { nestedArray, type Schema } from '../tensors/elements';
import { elementCount, type TensorData, type Tensors } from '../tensors/tensors';
import type { PredictionWriter } from './prediction';

/** `index` is the output's position in the card. */
export function tensorWriter({ datatype, shape, columns }: OutputSpec, index: number): PredictionWriter {
  const { write } = datatypes[datatype];
  const [, ...sizes] = shape;
  const width = elementCount(sizes);
  const elementsOf = ({ data }: Tensors) => data[index] as TensorData;
  if (columns !== undefined) {
    const keys = columns.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    return (outputs, row) => {
      const data = elementsOf(outputs);
      return `${keys.map((key, i) => key + write(data[row * width + i])).join('')}}`;
    };
  }
  return (outputs, row) => writeLevel(elementsOf(outputs), row * width, sizes, width, write);
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
