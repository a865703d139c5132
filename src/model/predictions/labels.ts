/** Reads the chosen label: from the label output, or as the one with the largest probability or score. */
import type { Card } from '../card/card';
import { findLabelled } from '../card/roles';
import { datatypes } from '../tensors/datatypes';
import { rowWidth, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';

/** Returns the label's index in the card; an index out of range when the model returned something else. */
export type LabelReader = (outputs: Tensors, row: number) => number;

/** Returned when all probabilities or scores are NaN. */
export const noLabel = -1;

/** Returns undefined for a model without labels. */
export function createLabelReader({ labels, labelValues, outputs }: Card): LabelReader | undefined {
  if (labels === undefined) return undefined;
  const chosen = findLabelled(outputs, 'one');
  const output = outputs[chosen];
  if (output === undefined) return createLargestReader(outputs);
  const isText = datatypes[output.datatype].kind === 'text';
  if (!isText && labelValues === undefined) return ({ data }, row) => Number((data[chosen] as TensorData)[row]);

  const values: readonly (string | number)[] = isText ? labels : (labelValues ?? []);
  const places = new Map(values.map((value, place) => [value, place]));
  const toKey = isText ? String : Number;
  return ({ data }, row) => places.get(toKey((data[chosen] as TensorData)[row])) ?? -1;
}

function createLargestReader(outputs: Card['outputs']): LabelReader | undefined {
  const index = findLabelled(outputs, 'each');
  if (index === -1) return undefined;
  const width = rowWidth(outputs[index] as TensorSpec);
  return ({ data }, row) => {
    const numbers = data[index] as Float32Array;
    const from = row * width;
    let chosen = noLabel;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < width; i++) {
      const number = numbers[from + i] as number;
      // Skips NaN, and takes -Infinity only as the first.
      if (!(number > largest || (chosen === noLabel && number === largest))) continue;
      chosen = i;
      largest = number;
    }
    return chosen;
  };
}
