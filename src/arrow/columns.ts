/** The columns of a record batch: their values row by row, and numbers at once. Every length is held against the bytes that are there. */
import { type Cursor, createCursor, requireBytes } from './cursor';
import { MalformedArrow } from './malformed';
import type { Batch, Dictionaries, TableBatch } from './stream';
import { readOffsets, readTexts, readViews, type Values } from './texts';
import type { ArrowField, ArrowType, NumberArray } from './types';

export interface Column {
  readonly length: number;
  /** A number, a bigint, a boolean, a string, an array of them, or null. */
  at(row: number): unknown;
  /** All values of a column of numbers without nulls. */
  readonly numbers: NumberArray | undefined;
}

/** Throws a `MalformedArrow`. Call after the rows of all batches are known to be few enough. */
export function readColumns(fields: readonly ArrowField[], batch: TableBatch): readonly Column[] {
  const cursor = createCursor(batch);
  const columns = fields.map((field) => {
    const column = readColumn(cursor, field.type);
    if (column.length !== batch.rows)
      throw new MalformedArrow(
        `the column ${JSON.stringify(field.name)} has ${column.length} values in a batch of ${batch.rows}`,
      );
    return field.dictionary === undefined ? column : look(column, readDictionary(field.dictionary, batch.dictionaries));
  });
  return columns;
}

function readColumn(cursor: Cursor, type: ArrowType): Column {
  const [length, nulls] = cursor.takeNode();
  if (type.kind === 'null') return { length, at: () => null, numbers: undefined };
  const validity = cursor.takeBuffer();
  const read = (readers[type.kind] as Reader<Valued>)(cursor, type, length);
  if (nulls === 0 || validity.length === 0) return { length, at: read.at, numbers: read.numbers };
  requireBytes(validity, Math.ceil(length / 8));
  return { length, at: (row) => (bitOf(validity, row) ? read.at(row) : null), numbers: undefined };
}

type Reader<Kind extends ArrowType['kind']> = (
  cursor: Cursor,
  type: Extract<ArrowType, { kind: Kind }>,
  length: number,
) => Values;

type Valued = Exclude<ArrowType['kind'], 'null'>;

const readers: { readonly [Kind in Valued]: Reader<Kind> } = {
  number(cursor, { array, bytes: size }, length) {
    const bytes = requireBytes(cursor.takeBuffer(), length * size);
    const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
    const numbers = new array(buffer as ArrayBuffer, byteOffset, length);
    return { at: (row) => numbers[row], numbers };
  },
  bool(cursor, _, length) {
    const bits = requireBytes(cursor.takeBuffer(), Math.ceil(length / 8));
    return { at: (row) => bitOf(bits, row) };
  },
  text: (cursor, { offsetBytes }, length) => readTexts(cursor, offsetBytes, length),
  view: (cursor, _, length) => readViews(cursor, length),
  list: readLists,
  fixed(cursor, { size, child: type }, length) {
    const child = readColumn(cursor, type);
    if (!(size * length <= child.length)) throw new MalformedArrow('it has a list beyond its values');
    return { at: (row) => listOf(child, row * size, (row + 1) * size) };
  },
};

function readLists(cursor: Cursor, type: ArrowType & { kind: 'list' }, length: number): Values {
  const spanOf = readOffsets(cursor.takeBuffer(), type.offsetBytes, length);
  const child = readColumn(cursor, type.child);
  return {
    at(row) {
      const [from, to] = spanOf(row, child.length);
      return listOf(child, from, to);
    },
  };
}

function listOf(child: Column, from: number, to: number): unknown[] {
  if (child.numbers !== undefined) return Array.from(child.numbers.subarray(from, to) as Float64Array);
  return Array.from({ length: to - from }, (_, i) => child.at(from + i));
}

function bitOf(bits: Buffer, row: number): boolean {
  return ((bits[row >> 3] as number) & (1 << (row & 7))) !== 0;
}

/** Batches share dictionaries, and a dictionary that grows its parts. */
const readDictionaries = new WeakMap<readonly Batch[], readonly unknown[]>();
const readParts = new WeakMap<Batch, readonly unknown[]>();

function readDictionary(
  { id, values }: NonNullable<ArrowField['dictionary']>,
  dictionaries: Dictionaries,
): readonly unknown[] {
  const batches = dictionaries.get(id);
  if (batches === undefined) throw new MalformedArrow(`the dictionary ${id} does not come before its column`);
  if (values.kind !== 'text' && values.kind !== 'view' && values.kind !== 'number' && values.kind !== 'bool')
    throw new MalformedArrow('it has a dictionary of lists: expected strings, numbers or booleans');
  return remember(readDictionaries, batches, () =>
    batches.flatMap((batch) => remember(readParts, batch, () => readValues(batch, values))),
  );
}

function readValues(batch: Batch, type: ArrowType): readonly unknown[] {
  const column = readColumn(createCursor(batch), type);
  return Array.from({ length: column.length }, (_, i) => column.at(i));
}

function remember<Key extends object, Value>(known: WeakMap<Key, Value>, key: Key, read: () => Value): Value {
  const value = known.get(key) ?? read();
  known.set(key, value);
  return value;
}

/** The values that a column's indices stand for. */
function look(indices: Column, values: readonly unknown[]): Column {
  return {
    length: indices.length,
    numbers: undefined,
    at(row) {
      const index = indices.at(row);
      if (index === null) return null;
      const value = values[Number(index)];
      if (value === undefined)
        throw new MalformedArrow(`it has the index ${index} into a dictionary of ${values.length}`);
      return value;
    },
  };
}
