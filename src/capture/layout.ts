/** The columns of captured rows in an Arrow stream: what tells of the request, the features, and the outputs as the model gave them. */
import type { NumberType, WrittenField } from '../arrow/write-stream';
import { toNumberType } from '../arrow/written-values';
import type { Card, Feature } from '../model/card/card';
import { type Datatype, datatypes } from '../model/tensors/datatypes';
import { leastBytesOfRow } from '../model/tensors/memory';
import { elementCount, isFree, rowWidth, type TensorSpec } from '../model/tensors/tensors';
import { createRenaming } from './column-names';

/** A column whose values are elements of a tensor. */
export interface ValueColumn extends WrittenField {
  readonly tensors: 'inputs' | 'outputs';
  readonly index: number;
  readonly datatype: Datatype;
  /** The first element within a row of the tensor, and how many there are. */
  readonly offset: number;
  readonly count: number;
  /** Elements of a row of the tensor. */
  readonly width: number;
}

export interface Layout {
  readonly values: readonly ValueColumn[];
  /** Elements of a row, in and out. */
  readonly elements: number;
  /** Of a row, besides its strings. */
  readonly bytes: number;
}

const text = { kind: 'text' } as const;
const integer: NumberType = { kind: 'int', bits: 32 };

/** Places of the columns that tell of the request. */
export const heads = { id: 0, row: 1, time: 2, protocol: 3, latency: 4 };

export const headFields: readonly WrittenField[] = [
  { name: 'id', type: text },
  { name: 'row', type: integer },
  { name: 'timeMilliseconds', type: { kind: 'int', bits: 64 } },
  { name: 'protocol', type: text },
  { name: 'latencyMicroseconds', type: integer },
];

/** A row and its id, besides values. */
const usualHeadBytes = 60;

/** Undefined for a model whose rows have no fixed columns: sizes that are free, texts that are tokenized, lists that are filled up. */
export function toLayout(card: Card): Layout | undefined {
  const specs = [...card.inputs, ...card.outputs];
  const { features } = card;
  if (specs.some(isFree) || features.some(({ tokenizer, pad }) => tokenizer !== undefined || pad !== undefined))
    return undefined;
  const rename = createRenaming(headFields);
  const shown = features.filter((feature) => feature.private !== true);
  return {
    values: [
      ...shown.map((feature) => ofFeature(card, feature)).map(rename('feature')),
      ...card.outputs.map(ofOutput).map(rename('output')),
    ],
    elements: specs.reduce((sum, spec) => sum + rowWidth(spec), 0),
    bytes: usualHeadBytes + leastBytesOfRow(specs),
  };
}

function ofFeature({ inputs }: Card, { name, input, column, shape }: Feature): ValueColumn {
  const index = inputs.findIndex((spec) => spec.name === input);
  const place = { offset: column, count: shape === undefined ? 1 : elementCount(shape) };
  return toColumn('inputs', index, inputs[index] as TensorSpec, { name, ...place, isList: shape !== undefined });
}

function ofOutput(spec: TensorSpec, index: number): ValueColumn {
  const count = rowWidth(spec);
  return toColumn('outputs', index, spec, { name: spec.name, offset: 0, count, isList: count !== 1 });
}

interface Place extends Pick<ValueColumn, 'name' | 'offset' | 'count'> {
  readonly isList: boolean;
}

function toColumn(
  tensors: ValueColumn['tensors'],
  index: number,
  spec: TensorSpec,
  { isList, ...place }: Place,
): ValueColumn {
  const { kind, array } = datatypes[spec.datatype];
  const of = kind === 'text' ? text : toNumberType(array);
  const type = isList ? ({ kind: 'list', size: place.count, of } as const) : of;
  return { ...place, tensors, index, datatype: spec.datatype, type, width: rowWidth(spec) };
}
