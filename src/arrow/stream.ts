/** Takes an Arrow IPC stream apart: the fields of its columns, and the record batches with where their buffers lie. */
import { readRoot, type Table } from './flatbuffer';
import { MalformedArrow } from './malformed';
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

const continuation = 0xffffffff;
const headerTypes = { schema: 1, dictionary: 2, batch: 3 };
const fileStart = 'ARROW1';
/** A batch of no rows costs its sender a few dozen bytes, and us more. */
const mostBatches = 2_000;
const mostFields = 5_000;
const longestMetadata = 1024 * 1024;

interface Message {
  readonly type: number;
  readonly header: Table;
  readonly body: Buffer;
}

/** Throws a `MalformedArrow`. Costs little, however large the stream: values are read later. */
export function readStream(bytes: Buffer): ArrowStream {
  if (bytes.toString('latin1', 0, fileStart.length) === fileStart)
    throw new MalformedArrow(
      'it is a file: expected a stream, as pyarrow.ipc.new_stream or write_ipc_stream of Polars writes it',
    );
  const messages = messagesOf(bytes);
  const fields = readSchema(messages.next().value ?? undefined);
  const batches: TableBatch[] = [];
  let dictionaries: Dictionaries = new Map();
  let count = 0;
  for (const { type, header, body } of messages) {
    if (++count > mostBatches)
      throw new MalformedArrow(`it has more than ${mostBatches} batches: expected larger ones`);
    if (type === headerTypes.batch) batches.push({ ...readBatch(header, body), dictionaries });
    else if (type === headerTypes.dictionary) dictionaries = withDictionary(dictionaries, fields, header, body);
    else throw new MalformedArrow(`it has a message of the type ${type} behind its schema: expected record batches`);
  }
  return { fields, batches };
}

function readSchema(message: Message | undefined): readonly ArrowField[] {
  if (message === undefined) throw new MalformedArrow('it is empty: expected a schema');
  const { type, header } = message;
  if (type !== headerTypes.schema) throw new MalformedArrow('its first message is no schema');
  if (header.integer(0, 2) !== 0) throw new MalformedArrow('it is big-endian: expected little-endian');
  const fields = header.tables(1);
  if (fields.length > mostFields)
    throw new MalformedArrow(`it has ${fields.length} columns: expected at most ${mostFields}`);
  return fields.map(readField);
}

function withDictionary(
  dictionaries: Dictionaries,
  fields: readonly ArrowField[],
  header: Table,
  body: Buffer,
): Dictionaries {
  const id = header.long(0);
  const data = header.table(1);
  if (data === undefined || !fields.some(({ dictionary }) => dictionary?.id === id))
    throw new MalformedArrow(`it has a dictionary ${id} that no column refers to, or without values`);
  const isDelta = header.integer(2, 1) !== 0;
  return new Map(dictionaries).set(id, [...(isDelta ? (dictionaries.get(id) ?? []) : []), readBatch(data, body)]);
}

function* messagesOf(bytes: Buffer): Generator<Message> {
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw new MalformedArrow('it ends in the middle of a message');
    if (bytes.readUInt32LE(at) !== continuation)
      throw new MalformedArrow(`the message at byte ${at} does not start with the continuation ff ff ff ff`);
    const length = bytes.readUInt32LE(at + 4);
    // The end of the stream, which may be left out.
    if (length === 0) return;
    if (length > longestMetadata)
      throw new MalformedArrow(`it has metadata of ${length} bytes: expected at most ${longestMetadata}`);
    const metadata = slice(bytes, at + 8, length);
    const message = readRoot(metadata);
    const header = message.table(2);
    if (header === undefined) throw new MalformedArrow('it has a message without a header');
    const body = slice(bytes, at + 8 + length, message.long(3));
    yield { type: message.integer(1, 1), header, body };
    at += 8 + length + body.length;
  }
}

function slice(bytes: Buffer, from: number, length: number): Buffer {
  if (from + length > bytes.length) throw new MalformedArrow('it ends in the middle of a message');
  return bytes.subarray(from, from + length);
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
