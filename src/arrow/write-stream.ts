/** Writes an Arrow IPC stream, without nulls: its schema, and record batches. */

import { align, byte, type FieldValue, int, long, short, type TableValue, writeRoot } from './flatbuffer-writer';
import { endOfStream } from './messages';

export type NumberType = { readonly kind: 'int' | 'uint' | 'float'; readonly bits: 8 | 16 | 32 | 64 };

export interface TextType {
  readonly kind: 'text';
}

export interface WrittenField {
  readonly name: string;
  readonly type: NumberType | TextType | { readonly kind: 'bool' } | ListType;
}

export interface WrittenColumn extends WrittenField {
  /** Of the values: numbers, bits, or offsets and text; of a list those of all that it holds. */
  readonly buffers: readonly Buffer[];
}

/** Lists of one size. */
export interface ListType {
  readonly kind: 'list';
  readonly size: number;
  readonly of: NumberType | TextType;
}

const metadataVersion = 4;
const headers = { schema: 1, batch: 3 };
const types = { int: 2, float: 3, text: 5, bool: 6, list: 16 };
const padding = Buffer.alloc(8);

/** A whole stream of one batch. */
export function writeStream(columns: readonly WrittenColumn[], rows: number): Buffer[] {
  return [...writeSchema(columns), ...writeBatch(columns, rows), endOfStream];
}

/** What a stream begins with; `metadata` are texts by name. */
export function writeSchema(
  columns: readonly WrittenField[],
  metadata: Readonly<Record<string, string>> = {},
): Buffer[] {
  const pairs = Object.entries(metadata).map((pair) => ({ fields: pair }));
  const schema = {
    fields: [undefined, { tables: columns.map(toField) }, pairs.length > 0 ? { tables: pairs } : undefined],
  };
  return toMessage(headers.schema, schema, 0);
}

export function writeBatch(columns: readonly WrittenColumn[], rows: number): Buffer[] {
  const { nodes, buffers, body, length } = layOut(columns, rows);
  const batch = { fields: [long(rows), { pairs: nodes }, { pairs: buffers }] };
  return [...toMessage(headers.batch, batch, length), ...body];
}

function toMessage(type: number, header: TableValue, bodyLength: number): Buffer[] {
  const metadata = writeRoot({ fields: [short(metadataVersion), byte(type), header, long(bodyLength)] });
  const head = Buffer.alloc(8, 0xff);
  head.writeUInt32LE(metadata.length, 4);
  return [head, metadata];
}

function toField({ name, type }: WrittenField): TableValue {
  const children = type.kind === 'list' ? [toField({ name: 'item', type: type.of })] : [];
  return { fields: [name, byte(0), ...describeType(type), undefined, { tables: children }] };
}

function describeType(type: WrittenColumn['type']): readonly [FieldValue, FieldValue] {
  switch (type.kind) {
    case 'int':
    case 'uint':
      return [byte(types.int), { fields: [int(type.bits), byte(type.kind === 'int' ? 1 : 0)] }];
    case 'float':
      return [byte(types.float), { fields: [short(type.bits === 64 ? 2 : 1)] }];
    case 'list':
      return [byte(types.list), { fields: [int(type.size)] }];
    default:
      return [byte(types[type.kind]), { fields: [] }];
  }
}

/** A buffer of no bytes stands for the nulls of each column, of which there are none. */
function layOut(columns: readonly WrittenColumn[], rows: number) {
  const nodes: [number, number][] = [];
  const buffers: [number, number][] = [];
  const body: Buffer[] = [];
  let length = 0;
  for (const { type, buffers: own } of columns) {
    nodes.push([rows, 0]);
    buffers.push([length, 0]);
    if (type.kind === 'list') {
      nodes.push([rows * type.size, 0]);
      buffers.push([length, 0]);
    }
    for (const buffer of own) {
      buffers.push([length, buffer.length]);
      const rest = align(buffer.length, 8) - buffer.length;
      body.push(buffer, padding.subarray(0, rest));
      length += buffer.length + rest;
    }
  }
  return { nodes, buffers, body, length };
}
