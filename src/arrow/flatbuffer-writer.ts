/** Writes FlatBuffers: tables from front to back, each before what it refers to. */

/** A field of a table; undefined is left out. */
export type FieldValue = Scalar | TableValue | VectorValue | string | undefined;

export interface Scalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: number;
}

export interface TableValue {
  readonly fields: readonly FieldValue[];
}

/** Of tables, or of pairs of 64-bit integers. */
export type VectorValue =
  | { readonly tables: readonly TableValue[] }
  | { readonly pairs: readonly (readonly [number, number])[] };

export const byte = (value: number): Scalar => ({ bytes: 1, value });
export const short = (value: number): Scalar => ({ bytes: 2, value });
export const int = (value: number): Scalar => ({ bytes: 4, value });
export const long = (value: number): Scalar => ({ bytes: 8, value });

/** The root table with all that it holds, padded to 8 bytes. */
export function writeRoot(root: TableValue): Buffer {
  let bytes = Buffer.alloc(1024);
  let end = 0;

  /** Takes zeroed bytes so that `before` bytes further is a multiple of `alignment`. Returns where they start. */
  function take(length: number, alignment: number, before = 0): number {
    const from = align(end + before, alignment) - before;
    if (from + length > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(Math.max(bytes.length, 2 * length))]);
    end = from + length;
    return from;
  }

  function writeTable({ fields }: TableValue): number {
    const vtable = take(4 + 2 * fields.length, 2);
    const start = take(4, 4);
    bytes.writeInt32LE(start - vtable, start);
    const places = fields.map((field) => {
      if (field === undefined) return 0;
      const size = typeof field === 'object' && 'bytes' in field ? field.bytes : 4;
      const at = take(size, size);
      if (typeof field === 'object' && 'bytes' in field) writeScalar(field, at);
      return at;
    });
    bytes.writeUInt16LE(4 + 2 * fields.length, vtable);
    bytes.writeUInt16LE(end - start, vtable + 2);
    for (const [i, at] of places.entries()) bytes.writeUInt16LE(at === 0 ? 0 : at - start, vtable + 4 + 2 * i);
    for (const [i, field] of fields.entries()) {
      if (field === undefined || (typeof field === 'object' && 'bytes' in field)) continue;
      refer(places[i] as number, writeChild(field));
    }
    return start;
  }

  function writeScalar({ bytes: size, value }: Scalar, at: number): void {
    if (size === 8) bytes.writeBigInt64LE(BigInt(value), at);
    else bytes.writeIntLE(value, at, size);
  }

  const refer = (at: number, to: number) => bytes.writeUInt32LE(to - at, at);

  function writeChild(child: Exclude<FieldValue, Scalar | undefined>): number {
    if (typeof child === 'string') return writeText(Buffer.from(child));
    if ('fields' in child) return writeTable(child);
    if ('tables' in child) return writeTables(child.tables);
    const from = take(4 + 16 * child.pairs.length, 8, 4);
    bytes.writeUInt32LE(child.pairs.length, from);
    for (const [i, [first, second]] of child.pairs.entries()) {
      bytes.writeBigInt64LE(BigInt(first), from + 4 + 16 * i);
      bytes.writeBigInt64LE(BigInt(second), from + 12 + 16 * i);
    }
    return from;
  }

  function writeText(text: Buffer): number {
    const from = take(4 + text.length + 1, 4);
    bytes.writeUInt32LE(text.length, from);
    text.copy(bytes, from + 4);
    return from;
  }

  function writeTables(tables: readonly TableValue[]): number {
    const from = take(4 + 4 * tables.length, 4);
    bytes.writeUInt32LE(tables.length, from);
    for (const [i, table] of tables.entries()) refer(from + 4 + 4 * i, writeTable(table));
    return from;
  }

  const start = take(4, 8);
  refer(start, writeTable(root));
  take(0, 8);
  return bytes.subarray(0, end);
}

export function align(length: number, alignment: number): number {
  return Math.ceil(length / alignment) * alignment;
}
