/** The example of an inference request in the OpenAPI document: golden samples as tensors. */
import type { Card, Feature } from '../../model/card/card';
import { elementCount, isFree, rowSizes, rowWidth, shapeOfRows, type TensorSpec } from '../../model/tensors/tensors';
import type { Json } from '../../openapi/json-schema';
import type { Example } from '../../openapi/operations';

export function inferExample({ inputs, features, runs }: Card, instances: readonly unknown[]): Example {
  // Instances of other sizes do not fit into one tensor.
  const sent = runs === 'single' || inputs.some(isFree) ? instances.slice(0, 1) : instances;
  const toTensor = (spec: TensorSpec) => {
    const sizes = sizesOf(spec, sent[0], features);
    const data = sent.flatMap((instance) => elementsOf(spec, instance, features) ?? standIn(spec, sizes, features));
    return {
      name: spec.name,
      datatype: spec.datatype,
      shape: shapeOfRows(spec, sent.length, sizes),
      data: isFree(spec) ? data : data.slice(0, sent.length * rowWidth(spec)),
    };
  };
  return { name: 'tensors', request: { id: '1', inputs: inputs.map(toTensor) } };
}

type Features = Card['features'];

/** The elements of an instance; undefined where a tokenizer makes them, which examples do without. */
function elementsOf(spec: TensorSpec, instance: unknown, features: Features): unknown[] | undefined {
  const masked = features.find(({ pad }) => pad?.mask === spec.name);
  if (masked !== undefined) {
    const sent = readElements(instance, masked, features).length;
    return Array.from({ length: rowWidth(spec) }, (_, i) => (i < sent ? 1 : 0));
  }
  const columns = features.filter(({ input }) => input === spec.name).sort((a, b) => a.column - b.column);
  if (columns.length === 0 || columns.some(({ tokenizer }) => tokenizer !== undefined)) return undefined;
  return columns.flatMap((feature) => fillUp(readElements(instance, feature, features), feature));
}

function fillUp(elements: unknown[], { pad, shape = [] }: Feature): unknown[] {
  if (pad === undefined) return elements;
  return [...elements, ...new Array<unknown>((shape[0] as number) - elements.length).fill(pad.value)];
}

/** Of what a tokenizer makes: the first id of its vocabulary, which counts. */
function standIn({ name }: TensorSpec, sizes: readonly number[], features: Features): unknown[] {
  const isMask = features.some(({ tokenizer }) => tokenizer?.mask === name);
  return new Array<number>(elementCount(sizes)).fill(isMask ? 1 : 0);
}

/** Fixed sizes, or those that an instance chose for the only feature of a tensor. */
function sizesOf(spec: TensorSpec, instance: unknown, features: Features): readonly number[] {
  const own = rowSizes(spec);
  if (!isFree(spec)) return own;
  const feature = features.find(({ input }) => input === spec.name);
  const chosen: number[] = [];
  for (let level = feature && readValue(instance, feature, features); Array.isArray(level); level = level[0])
    chosen.push(level.length);
  const least = rowSizes({ ...spec, shape: spec.minShape ?? spec.shape });
  return [...least.slice(0, own.length - chosen.length).map((size) => Math.max(1, size)), ...chosen];
}

/** An example value for a feature that may be nested, optional or missing. */
function readElements(instance: unknown, feature: Feature, features: Features): unknown[] {
  return [readValue(instance, feature, features)].flat(Number.POSITIVE_INFINITY);
}

function readValue(instance: unknown, feature: Feature, features: Features): unknown {
  const { name, default: fallback } = feature;
  return Array.isArray(instance) ? instance[features.indexOf(feature)] : ((instance as Json)[name] ?? fallback);
}
