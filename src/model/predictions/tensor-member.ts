/** A member of a prediction that is a tensor, as JSON text and as its schema: a number, nested arrays, or an object where its columns have names. */
import type { OutputSpec } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import type { Schema } from '../tensors/elements';
import { rowWidth, type TensorData } from '../tensors/tensors';
import type { PredictionWriter } from './prediction';

type WriteElement = (element: unknown) => string;

/** `index` is the place of the output among those of the card. */
export function tensorWriter({ datatype, shape, columns, ...spec }: OutputSpec, index: number): PredictionWriter {
  const { write } = datatypes[datatype];
  const width = rowWidth({ ...spec, datatype, shape });
  const elementsOf = (outputs: Parameters<PredictionWriter>[0]) => outputs.data[index] as TensorData;
  if (columns !== undefined) {
    const keys = columns.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    return (outputs, row) => {
      const data = elementsOf(outputs);
      return `${keys.map((key, i) => key + write(data[row * width + i])).join('')}}`;
    };
  }
  const [, ...sizes] = shape;
  return (outputs, row) => writeLevel(elementsOf(outputs), row * width, sizes, width, write);
}

function writeLevel(
  data: TensorData,
  from: number,
  [length, ...inner]: readonly number[],
  width: number,
  write: WriteElement,
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
  const [, ...sizes] = shape;
  return sizes.reduceRight<Schema>(
    (items, length) => ({ type: 'array', items, minItems: length, maxItems: length }),
    answerSchema,
  );
}
