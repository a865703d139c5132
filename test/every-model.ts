/** Golden samples as each protocol sends them, and answers as predictions: all from the card, for any model. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSamples, type Sample } from '../src/model/acceptance/golden-samples';
import type { Card, Feature, OutputSpec } from '../src/model/card/card';
import { readCard } from '../src/model/card/card';
import type { Datatype } from '../src/model/tensors/datatypes';
import { elementCount, isFree, rowSizes, rowWidth, type TensorSpec } from '../src/model/tensors/tensors';
import type { Reply } from './client';
import { cardBytes, deployedDirectory } from './model-files';
import { projectDirectory } from './processes';
import { readTokens, tokensOf } from './trained-tokens';

export interface EveryModel {
  readonly name: string;
  readonly directory: string;
  readonly card: Card;
  readonly samples: readonly Sample[];
}

const fixtures = join(projectDirectory, 'test/fixtures/models');
const mostSamples = 12;

/** What is deployed, and the models of the fixtures; Iris once. */
export const everyDirectory: readonly string[] = [
  ...(cardBytes.equals(readFileSync(join(deployedDirectory, 'card.json'))) ? [] : [deployedDirectory]),
  ...readdirSync(fixtures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(fixtures, name)),
];

export const everyModel: readonly EveryModel[] = everyDirectory.map((directory) => {
  const { card } = readCard(directory);
  const all = readSamples(directory);
  readTokens(directory, all);
  const step = Math.max(1, Math.floor(all.length / mostSamples));
  return { name: card.name, directory, card, samples: all.filter((_, i) => i % step === 0).slice(0, mostSamples) };
});

/** The values of an instance in the order of the card. */
export function toValues({ features }: Card, instance: unknown): readonly unknown[] {
  if (Array.isArray(instance)) return instance;
  const members = instance as Readonly<Record<string, unknown>>;
  return features.map(({ name, default: fallback }) => (name in members ? members[name] : fallback));
}

export function toObject(card: Card, instance: unknown): object {
  return Object.fromEntries(toValues(card, instance).map((value, i) => [card.features[i]?.name, value]));
}

/** Instances that one inference request can hold: all, unless each may have sizes of its own. */
export function toGroups<Each>({ inputs }: Card, all: readonly Each[]): readonly (readonly Each[])[] {
  return inputs.some((spec) => spec.isSingle === true || isFree(spec)) ? all.map((each) => [each]) : [all];
}

/** What an inference request sends: every input with its elements, row by row. */
export function toTensors(card: Card, instances: readonly unknown[]) {
  return card.inputs.map((spec) => {
    const rows = instances.map((instance) => tokensOf(instance, spec) ?? toRow(card, spec, toValues(card, instance)));
    const tokens = tokensOf(instances[0], spec);
    const sizes = tokens === undefined ? sizesOf(card, spec, toValues(card, instances[0])) : [tokens.length];
    return {
      name: spec.name,
      datatype: spec.datatype,
      shape: spec.isSingle === true ? sizes : [rows.length, ...sizes],
      data: rows.flat(),
    };
  });
}

/** Those of a value that fills the input alone, where callers choose them. */
function sizesOf({ features }: Card, spec: TensorSpec, values: readonly unknown[]): readonly number[] {
  const sizes = rowSizes(spec);
  if (!isFree(spec)) return sizes;
  const chosen: number[] = [];
  for (
    let value = values[features.findIndex(({ input }) => input === spec.name)];
    Array.isArray(value);
    [value] = value
  )
    chosen.push(value.length);
  return [...sizes.slice(0, sizes.length - chosen.length), ...chosen];
}

function toRow({ features }: Card, spec: TensorSpec, values: readonly unknown[]): unknown[] {
  const row = isFree(spec) ? [] : new Array<unknown>(rowWidth(spec));
  features.forEach(({ input, column }: Feature, i) => {
    if (input !== spec.name) return;
    [values[i]].flat(Number.POSITIVE_INFINITY).forEach((element, at) => {
      row[column + at] = element;
    });
  });
  return row;
}

/** The bits of the numbers that samples hold, from Python. */
const halves = new Map([
  [0.5, 0x3800],
  [-2.25, 0xc080],
  [65_504, 0x7bff],
]);

const writers: Readonly<Record<Exclude<Datatype, 'BYTES'>, (view: DataView, value: number) => void>> = {
  BOOL: (view, value) => view.setUint8(0, value),
  UINT8: (view, value) => view.setUint8(0, value),
  UINT16: (view, value) => view.setUint16(0, value, true),
  UINT32: (view, value) => view.setUint32(0, value, true),
  UINT64: (view, value) => view.setBigUint64(0, BigInt(value), true),
  INT8: (view, value) => view.setInt8(0, value),
  INT16: (view, value) => view.setInt16(0, value, true),
  INT32: (view, value) => view.setInt32(0, value, true),
  INT64: (view, value) => view.setBigInt64(0, BigInt(value), true),
  // Node.js 20 has no half precision.
  FP16: (view, value) => view.setUint16(0, halves.get(value) as number, true),
  FP32: (view, value) => view.setFloat32(0, value, true),
  FP64: (view, value) => view.setFloat64(0, value, true),
};
const bytesOf: Readonly<Record<string, number>> = { '8': 1, '16': 2, '32': 4, '64': 8, BOOL: 1 };

/** Elements as the protocol's bytes: little-endian numbers, or strings behind their lengths. A missing number is NaN. */
export function toBinary(datatype: Datatype, elements: readonly unknown[]): Buffer {
  return Buffer.concat(
    elements.map((element) => {
      if (datatype === 'BYTES') {
        const text = Buffer.from(String(element));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return Buffer.concat([length, text]);
      }
      const bytes = Buffer.alloc(bytesOf[datatype.replace(/^\D+(?=\d)/, '')] as number);
      writers[datatype](new DataView(bytes.buffer, bytes.byteOffset), element === null ? Number.NaN : Number(element));
      return bytes;
    }),
  );
}

interface Output {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

/** The predictions that the outputs of an inference stand for, as protocols of instances give them. */
export function toPredictions(card: Card, { json }: Reply, rows: number): unknown[] {
  const { outputs } = json as { readonly outputs: readonly Output[] };
  return Array.from({ length: rows }, (_, row) => toPrediction(card, outputs, row));
}

function toPrediction(card: Card, outputs: readonly Output[], row: number): object {
  const { task, labels = [] } = card;
  const members = card.outputs.map((spec): [string, unknown] => {
    const { data, shape } = outputs.find(({ name }) => name === spec.name) as Output;
    const sizes = spec.isSingle === true ? shape : shape.slice(1);
    const width = elementCount(sizes);
    return [memberOf(spec), toMember(card, spec, data.slice(row * width, (row + 1) * width), sizes)];
  });
  const prediction = Object.fromEntries(members);
  // A model of more outputs than its prediction has names the value among them.
  if (task === 'regression') return { value: toFirst(members) };
  if (task !== 'classification' || prediction.label !== undefined) return prediction;
  const shares = Object.values(prediction)[0] as Readonly<Record<string, number>>;
  const label = labels.reduce((best, each) => ((shares[each] ?? 0) > (shares[best] ?? 0) ? each : best));
  return { label, ...prediction };
}

const toFirst = (members: readonly (readonly [string, unknown])[]) => members[0]?.[1];

function memberOf({ role, name }: OutputSpec): string {
  return role === 'tensor' ? name : role;
}

function toMember(
  { labels = [], labelValues }: Card,
  { role, datatype, columns }: OutputSpec,
  elements: readonly unknown[],
  sizes: readonly number[],
): unknown {
  if (role === 'label') {
    const [chosen] = elements;
    return datatype === 'BYTES' ? chosen : labels[labelValues?.indexOf(chosen as number) ?? (chosen as number)];
  }
  const names = columns ?? (role === 'probabilities' || role === 'scores' ? labels : undefined);
  if (names !== undefined) return Object.fromEntries(names.map((name, i) => [name, elements[i]]));
  if (role === 'value' && elements.length === 1) return elements[0];
  return nest(elements, sizes);
}

function nest(elements: readonly unknown[], [length, ...inner]: readonly number[]): unknown {
  if (length === undefined) return elements[0];
  if (length === 0) return [];
  const step = elements.length / length;
  return Array.from({ length }, (_, i) => nest(elements.slice(i * step, (i + 1) * step), inner));
}
