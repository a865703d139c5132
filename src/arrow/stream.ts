/** Takes an Arrow IPC stream apart: the fields of its columns, and the record batches with where their buffers lie. */
import type { Table } from './flatbuffer';
import { MalformedArrow } from './malformed';
import { type Message, messagesOf, messageTypes } from './messages';
import { type ArrowField, readField } from './types';

/** The parts of a record batch, before any value is read. */
export interface Batch {
  readonly rows: number;
  /** Lengths and numbers of nulls, for each column and list in it, depth first. */
  nodes(): readonly (readonly [length: number, nulls: number])[];
  buffers(): readonly Buffer[];
  /** For each column of views, how many buffers of text it has. */
  textBuffers(): readonly number[];
}

/** By the id of a dictionary, the batches that make it up. */
export type Dictionaries = ReadonlyMap<number, readonly Batch[]>;

export interface TableBatch extends Batch {
  /** Those that precede the batch: a later one may replace them. */
  readonly dictionaries: Dictionaries;
}

export interface ArrowStream {
  readonly fields: readonly ArrowField[];
  readonly batches: readonly TableBatch[];
}

/** A batch of no rows costs its sender a few dozen bytes, and us more. */
const mostBatches = 2_000;
const mostFields = 5_000;

/** Throws a `MalformedArrow`. Costs little, however large the stream: values are read later. */
export function readStream(bytes: Buffer): ArrowStream {
  const messages = messagesOf(bytes);
  const reader = createStreamReader(messages.next().value ?? undefined);
  const batches: TableBatch[] = [];
  let count = 0;
  for (const message of messages) {
    if (++count > mostBatches)
      throw new MalformedArrow(`it has more than ${mostBatches} batches: expected larger ones`);
    const batch = reader.take(message);
    if (batch !== undefined) batches.push(batch);
  }
  return { fields: reader.fields, batches };
}

export interface StreamReader {
  readonly fields: readonly ArrowField[];
  /** The batch of the next message, which is valid as long as the message; undefined for a dictionary, which is kept. Throws a `MalformedArrow`. */
  take(message: Message): TableBatch | undefined;
  /** Bytes of the dictionaries that are kept. */
  dictionaryBytes(): number;
}

/** Reads a stream message by message, beginning with its schema. */
export function createStreamReader(schema: Message | undefined): StreamReader {
  const fields = readSchema(schema);
  let dictionaries = new Map<number, readonly Batch[]>();
  /** Whether a batch refers to the dictionaries as they are. */
  let isShared = false;
  const lengths = new Map<number, number>();

  function addDictionary({ header, body }: Message): void {
    const id = header.long(0);
    const data = header.table(1);
    if (data === undefined || !fields.some(({ dictionary }) => dictionary?.id === id))
      throw new MalformedArrow(`it has a dictionary ${id} that no column refers to, or without values`);
    const isDelta = header.integer(2, 1) !== 0;
    const before = (isDelta ? dictionaries.get(id) : undefined) ?? [];
    if (before.length >= mostBatches)
      throw new MalformedArrow(`the dictionary ${id} has more than ${mostBatches} parts`);
    if (isShared) dictionaries = new Map(dictionaries);
    isShared = false;
    dictionaries.set(id, [...before, readBatch(data, body)]);
    lengths.set(id, (isDelta ? (lengths.get(id) ?? 0) : 0) + body.length);
  }

  function take(message: Message): TableBatch | undefined {
    const { type, header, body } = message;
    if (type === messageTypes.batch) {
      isShared = true;
      return { ...readBatch(header, body), dictionaries };
    }
    if (type !== messageTypes.dictionary)
      throw new MalformedArrow(`it has a message of the type ${type} behind its schema: expected record batches`);
    addDictionary(message);
    return undefined;
  }

  return { fields, take, dictionaryBytes: () => [...lengths.values()].reduce((sum, length) => sum + length, 0) };
}

function readSchema(message: Message | undefined): readonly ArrowField[] {
  if (message === undefined) throw new MalformedArrow('it is empty: expected a schema');
  const { type, header } = message;
  if (type !== messageTypes.schema) throw new MalformedArrow('its first message is no schema');
  if (header.integer(0, 2) !== 0) throw new MalformedArrow('it is big-endian: expected little-endian');
  const fields = header.tables(1);
  if (fields.length > mostFields)
    throw new MalformedArrow(`it has ${fields.length} columns: expected at most ${mostFields}`);
  return fields.map(readField);
}

function readBatch(header: Table, body: Buffer): Batch {
  if (header.table(3) !== undefined) throw new MalformedArrow('it is compressed: expected buffers without compression');
  return {
    rows: header.long(0),
    nodes: () => header.pairs(1),
    buffers: () => header.pairs(2).map(([from, length]) => slice(body, from, length)),
    textBuffers: () => header.longs(4),
  };
}

function slice(bytes: Buffer, from: number, length: number): Buffer {
  if (from + length > bytes.length) throw new MalformedArrow('it has a buffer beyond the end of its message');
  return bytes.subarray(from, from + length);
}
