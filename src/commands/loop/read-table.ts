/** Reads captures in columns as the lines of JSON that a server would have written for them. */
import { createReadStream } from 'node:fs';
import { type Column, readColumns } from '../../arrow/columns';
import { type Message, Messages } from '../../arrow/messages';
import { createStreamReader } from '../../arrow/stream';
import type { ArrowField } from '../../arrow/types';
import type { WrittenField } from '../../arrow/write-stream';
import { headFields, heads, toLayout, type ValueColumn } from '../../capture/layout';
import { createLineWriter } from '../../capture/line-writer';
import { type Card, toCard } from '../../model/card/card';
import { createTensors, type Tensors } from '../../model/tensors/tensors';

/** A server closes a batch at a quarter of it, unless a row is longer. */
const longestBatch = 64 * 1024 * 1024;

/** Throws an error at what is no table of captures, such as a batch that a crash cut off: what stands before it has been given. */
export async function* readTable(path: string): AsyncGenerator<string> {
  const messages = new Messages(longestBatch);
  let read: BatchReader | undefined;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const message of messages.add(piece)) {
      if (read === undefined) read = createBatchReader(message);
      else yield* read(message);
    }
  }
  messages.end();
}

type BatchReader = (message: Message) => Generator<string>;

function createBatchReader(schema: Message): BatchReader {
  const stream = createStreamReader(schema);
  const card = cardOf(schema);
  const { values = [] } = toLayout(card) ?? {};
  if (!areOf(stream.fields, [...headFields, ...values])) throw new Error('These are no columns of the card.');
  const writeLine = createLineWriter(card);

  return function* readBatch(message) {
    const batch = stream.take(message);
    if (batch === undefined) return;
    const columns = readColumns(stream.fields, batch);
    const inputs = createTensors(card.inputs, batch.rows);
    const outputs = createTensors(card.outputs, batch.rows);
    for (const [i, column] of values.entries())
      fill(column.tensors === 'inputs' ? inputs : outputs, column, columns[headFields.length + i] as Column);
    const at = (head: keyof typeof heads, row: number) => columns[heads[head]]?.at(row);
    for (let row = 0; row < batch.rows; row++) {
      const stamp = {
        protocol: String(at('protocol', row)),
        answeredAt: Number(at('time', row)),
        latencyMs: Number(at('latency', row)) / 1_000,
      };
      const [id, place] = [String(at('id', row)), Number(at('row', row))];
      yield writeLine(id, { tensors: inputs, from: row }, { tensors: outputs, from: row }, place, stamp);
    }
  };
}

const kinds = { text: 'text', bool: 'bool', int: 'number', uint: 'number', float: 'number', list: 'fixed' } as const;

/** A column of another kind, such as one of nulls alone, might claim more rows than it has bytes for. */
function areOf(fields: readonly ArrowField[], columns: readonly WrittenField[]): boolean {
  const isOf = ({ name, type }: WrittenField, field: ArrowField | undefined) =>
    field?.name === name && field.type.kind === kinds[type.kind];
  return fields.length === columns.length && columns.every((column, i) => isOf(column, fields[i]));
}

function cardOf({ header }: Message): Card {
  const written = header.tables(2).find((pair) => pair.text(0) === 'card');
  return toCard(JSON.parse(written?.text(1) ?? ''));
}

/** Puts the values of a column where they were in their tensor. */
function fill({ data, rows }: Tensors, { index, offset, count, width, type }: ValueColumn, column: Column): void {
  const elements = data[index] as unknown[];
  for (let row = 0; row < rows; row++) {
    const start = row * width + offset;
    const value = column.at(row);
    if (type.kind !== 'list') elements[start] = value;
    else for (let i = 0; i < count; i++) elements[start + i] = (value as readonly unknown[])[i];
  }
}
