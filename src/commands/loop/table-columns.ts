/** The columns of a table of captures, from the card: what was asked, what was answered, and what really happened. */
import { createRenaming } from '../../capture/column-names';
import type { Card, Feature } from '../../model/card/card';
import { tasks } from '../../model/predictions/tasks';
import { datatypes } from '../../model/tensors/datatypes';
import type { Schema } from '../../model/tensors/elements';
import { truthOf } from '../../protocols/feedback/truth';
import type { Answered } from './read-captures';
import { type ColumnType, listsOf, types } from './table-types';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** As it stands in the record. */
  find(answered: Answered): unknown;
}

export function createColumns(card: Card): readonly Column[] {
  const [head, tail] = [headColumns(card), [outsideColumn, ...feedbackColumns(card)]];
  const rename = createRenaming([...head, ...tail]);
  const predictions = predictionColumns(card).map(rename('prediction'));
  const features = card.features.flatMap((feature) => toColumns(card, feature)).map(rename('feature'));
  return [...head, ...features, ...predictions, ...tail];
}

function headColumns({ name: model }: Card): Column[] {
  return [
    { name: 'id', type: types.text, find: ({ id }) => id },
    { name: 'row', type: types.integer, find: ({ row }) => row },
    { name: 'time', type: types.time, find: ({ time }) => time },
    { name: 'model', type: types.text, find: () => model },
    { name: 'version', type: types.text, find: ({ version }) => version },
    { name: 'protocol', type: types.text, find: ({ protocol }) => protocol },
    {
      name: 'latencyMicroseconds',
      type: types.integer,
      find: ({ latencyMicroseconds }) => latencyMicroseconds,
    },
  ];
}

const outsideColumn: Column = {
  name: 'outside',
  type: listsOf(types.text, 1),
  find: ({ outside = [] }) => outside,
};

function toColumns({ inputs }: Card, feature: Feature): Column[] {
  const { name, input, shape = [], tokenizer } = feature;
  const { datatype = 'FP32' } = inputs.find((spec) => spec.name === input) ?? {};
  const { kind } = datatypes[datatype];
  const find = ({ instance }: Answered) => instance[name];
  if (tokenizer === undefined) return [{ name, type: listsOf(types[kind], shape.length), find }];
  // Callers with tensors send ids.
  const choose = (isText: boolean) => (answered: Answered) => {
    const value = find(answered);
    return (typeof value === 'string') === isText ? value : null;
  };
  return [
    { name, type: types.text, find: choose(true) },
    { name: `${name}.ids`, type: listsOf(types[kind], 1), find: choose(false) },
  ];
}

function predictionColumns(card: Card): Column[] {
  const members = [...tasks[card.task].memberSchemas(card)];
  return members.flatMap(([name, schema]) => columnsOf(name, schema, ({ prediction }) => prediction[name]));
}

/** A column for each leaf of an object, by its path. */
function columnsOf(name: string, schema: Schema, find: Column['find']): Column[] {
  if (schema.properties === undefined) return [{ name, type: typeOf(schema), find }];
  return Object.entries(schema.properties as Readonly<Record<string, Schema>>).flatMap(([key, inner]) =>
    columnsOf(`${name}.${key}`, inner, (answered) => memberOf(find(answered), key)),
  );
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function typeOf({ type, items }: Schema): ColumnType {
  if (items !== undefined) return listsOf(typeOf(items as Schema), 1);
  if (type === 'boolean' || type === 'integer') return types[type];
  // Labels are an enumeration, numbers may be null.
  return type === undefined || type === 'string' ? types.text : types.number;
}

function feedbackColumns(card: Card): Column[] {
  const truth = truthOf(card);
  if (truth === undefined) return [];
  return [
    { name: `feedback.${truth.member}`, type: types[truth.kind], find: ({ truth: told }) => told },
    { name: 'feedback.time', type: types.time, find: ({ toldAt }) => toldAt },
  ];
}
