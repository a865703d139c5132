/** Writes a row of features by their names, without the private ones, and what is unusual about it. */
import type { Card, Feature } from '../model/card/card';
import { rangedFeatures } from '../model/instances/training-ranges';
import { writeLevel } from '../model/predictions/tensor-member';
import { datatypes } from '../model/tensors/datatypes';
import {
  type Elements,
  elementCount,
  isFree,
  type RowTensor,
  rowWidth,
  type TensorSpec,
  type Tensors,
} from '../model/tensors/tensors';

type WriteRow = (inputs: Tensors, row: number) => string;

export interface RowWriter {
  /** A JSON object. */
  readonly instance: WriteRow;
  /** JSON texts of the names of features outside their training range. */
  outside(inputs: Tensors, row: number): readonly string[];
}

export function createRowWriter(card: Card): RowWriter {
  const shown = card.features.filter((feature) => feature.private !== true);
  const writers = shown.map((feature) => valueWriter(card, feature));
  const keys = shown.map(({ name }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const names = new Set(shown.map(({ name }) => name));
  const ranged = rangedFeatures(card).filter(({ name }) => names.has(name));
  const texts = ranged.map(({ name }) => JSON.stringify(name));

  function instance(inputs: Tensors, row: number): string {
    if (keys.length === 0) return '{}';
    let text = '';
    for (let i = 0; i < keys.length; i++) text += (keys[i] as string) + (writers[i] as WriteRow)(inputs, row);
    return `${text}}`;
  }

  function outside(inputs: Tensors, row: number): readonly string[] {
    let found: string[] = noNames;
    for (let i = 0; i < ranged.length; i++) {
      const { elements, width, column, minimum, maximum } = ranged[i] as (typeof ranged)[number];
      const value = Number(elements(inputs)[row * width + column]);
      if (!(value < minimum || value > maximum)) continue;
      if (found === noNames) found = [];
      found.push(texts[i] as string);
    }
    return found;
  }

  return { instance, outside };
}

const noNames: string[] = [];

function valueWriter(card: Card, feature: Feature): WriteRow {
  const write = elementsWriter(card, feature);
  const { name, tokenizer } = feature;
  if (tokenizer === undefined) return write;
  // Callers with tensors send ids.
  return (inputs, row) => {
    const text = inputs.texts?.get(name)?.[row];
    return text === undefined ? write(inputs, row) : JSON.stringify(text);
  };
}

function elementsWriter({ inputs }: Card, { input, column, shape, pad, tokenizer }: Feature): WriteRow {
  const index = inputs.findIndex(({ name }) => name === input);
  const spec = inputs[index] as TensorSpec;
  const { write } = datatypes[spec.datatype];
  if (isFree(spec)) {
    return ({ data }, row) => {
      const { sizes, data: elements } = (data[index] as readonly RowTensor[])[row] as RowTensor;
      return writeLevel(elements, 0, sizes, elements.length, write);
    };
  }
  const width = rowWidth(spec);
  if (tokenizer !== undefined)
    return ({ data }, row) => writeLevel(data[index] as Elements, row * width, [width], width, write);
  const mask = inputs.findIndex(({ name }) => name === pad?.mask);
  if (mask !== -1) {
    // As it was sent: a mask tells what was filled up.
    return ({ data }, row) => {
      const at = row * rowWidth(inputs[mask] as TensorSpec);
      const sent = countOnes(data[mask] as Elements, at, width);
      return writeLevel(data[index] as Elements, row * width + column, [sent], sent, write);
    };
  }
  if (shape === undefined) return ({ data }, row) => write((data[index] as Elements)[row * width + column]);
  const count = elementCount(shape);
  return ({ data }, row) => writeLevel(data[index] as Elements, row * width + column, shape, count, write);
}

function countOnes(elements: Elements, from: number, most: number): number {
  let count = 0;
  while (count < most && Number(elements[from + count]) === 1) count++;
  return count;
}
