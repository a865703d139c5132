/** A made-up instance and what the weights answer to it, as a first golden sample: zeros, and a text. */
import { basename, dirname } from 'node:path';
import type { Card, Feature } from '../../model/card/card';
import { createTextFill } from '../../model/instances/text-feature';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { openSession } from '../../model/runtime/session';
import { datatypes } from '../../model/tensors/datatypes';
import {
  createData,
  createTensors,
  elementCount,
  isFree,
  type TensorSpec,
  type Tensors,
} from '../../model/tensors/tensors';
import { finish } from '../../turns';
import type { DraftTensors } from './draft-tensors';

const exampleText = 'An example.';

/** An example and its prediction; none if the draft card cannot write it yet, or the weights fail on it. `out` has the tokenizer. */
export async function answerExample(
  path: string,
  out: string,
  draft: Card,
  sizes: DraftTensors['triedSizes'],
): Promise<readonly object[]> {
  if (sizes === undefined) return [];
  const card = { ...draft, weights: { ...draft.weights, file: basename(path) } };
  const session = await openSession(dirname(path), card, { threads: 1 });
  try {
    const instance = card.features.map((feature) => exampleOf(feature, card, sizes));
    const example = withTexts(createZeros(card.inputs, sizes), card, out, instance);
    const outputs = await session.attempt(() => example);
    return [{ instance, prediction: JSON.parse(createPredictionWriters(card).prediction(outputs, 0)) }];
  } catch {
    return [];
  } finally {
    await session.release();
  }
}

function createZeros(inputs: readonly TensorSpec[], sizes: readonly (readonly number[])[]): Tensors {
  const { data } = createTensors(inputs, 1);
  const free = (spec: TensorSpec, i: number) => {
    const own = sizes[i] as readonly number[];
    return isFree(spec) ? [{ sizes: own, data: createData(spec.datatype, elementCount(own)) }] : data[i];
  };
  return { rows: 1, data: inputs.map(free) as Tensors['data'] };
}

/** Fills what texts fill. */
function withTexts(tensors: Tensors, card: Card, directory: string, instance: readonly unknown[]): Tensors {
  const fill = createTextFill(card, directory);
  const fault = fill && finish(fill(tensors, 0, instance, { read: (_, position) => instance[position], key: String }));
  if (fault !== undefined) throw new Error(fault.detail);
  return tensors;
}

/** The zeros of a feature, which fills the last of its input's sizes. */
function exampleOf(feature: Feature, { inputs }: Card, sizes: readonly (readonly number[])[]): unknown {
  const { input, shape = [], tokenizer } = feature;
  if (tokenizer !== undefined) return exampleText;
  const own = sizes[inputs.findIndex(({ name }) => name === input)] as readonly number[];
  const tried = own.slice(own.length - shape.length);
  return zeros(
    inputs,
    input,
    shape.map((size, i) => (size === -1 ? (tried[i] as number) : size)),
  );
}

/** Zeros, empty strings or false in the given shape. */
function zeros(inputs: readonly TensorSpec[], input: string, [length, ...inner]: readonly number[]): unknown {
  if (length !== undefined) return Array.from({ length }, () => zeros(inputs, input, inner));
  const { datatype } = inputs.find(({ name }) => name === input) as TensorSpec;
  return datatypes[datatype].zero;
}
