/** Reads captures in columns as the lines of JSON that a server would have written for them. */
import { createReadStream } from 'node:fs';
import { type Column, readColumns } from '../../arrow/columns';
import { type Message, Messages } from '../../arrow/messages';
import { createStreamReader } from '../../arrow/stream';
import { headFields, heads, toLayout, type ValueColumn } from '../../capture/layout';
import { createLineWriter } from '../../capture/line-writer';
import { type Card, toCard } from '../../model/card/card';
import { createTensors, type Tensors } from '../../model/tensors/tensors';

/** A server closes a batch at a quarter of it, unless a row is longer. */
const longestBatch = 64 * 1024 * 1024;

/** Gives undefined where the rest of the file cannot be read, as that of a crash. */
export async function* readTable(path: string): AsyncGenerator<string | undefined> {
  const messages = new Messages(longestBatch);
  let read: BatchReader | undefined;
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      for (const message of messages.add(piece)) {
        if (read === undefined) read = createBatchReader(message);
        else yield* read(message);
      }
    }
    messages.end();
  } catch (failure) {
    const isOfFiles = (failure as NodeJS.ErrnoException).syscall !== undefined;
    if (isOfFiles) throw failure;
    yield undefined;
  }
}

type BatchReader = (message: Message) => Generator<string>;

function createBatchReader(schema: Message): BatchReader {
  const stream = createStreamReader(schema);
  const card = cardOf(schema);
  const { values = [] } = toLayout(card) ?? {};
  if (stream.fields.length !== headFields.length + values.length) throw new Error('These are no columns of the card.');
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
