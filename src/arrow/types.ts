/** The types of Arrow that are read: those of values that JSON has, too. */
import type { Table } from './flatbuffer';
import { MalformedArrow } from './malformed';

export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export type NumberArrayType = new (buffer: ArrayBuffer, from: number, length: number) => NumberArray;

export type ArrowType =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'number'; readonly array: NumberArrayType; readonly bytes: number }
  | { readonly kind: 'text'; readonly offsetBytes: 4 | 8 }
  | { readonly kind: 'view' }
  | { readonly kind: 'list'; readonly offsetBytes: 4 | 8; readonly child: ArrowType }
  | { readonly kind: 'fixed'; readonly size: number; readonly child: ArrowType };

export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  /** For a column of indices into a dictionary. */
  readonly dictionary: { readonly id: number; readonly values: ArrowType } | undefined;
}

/** Nested lists: the tensors of models have few dimensions. */
const deepest = 16;

const signed: Readonly<Record<number, NumberArrayType>> = {
  8: Int8Array,
  16: Int16Array,
  32: Int32Array,
  64: BigInt64Array,
};
const unsigned: Readonly<Record<number, NumberArrayType>> = {
  8: Uint8Array,
  16: Uint16Array,
  32: Uint32Array,
  64: BigUint64Array,
};
const names: readonly string[] = [
  'none',
  'null',
  'int',
  'float',
  'binary',
  'utf8',
  'bool',
  'decimal',
  'date',
  'time',
  'timestamp',
  'interval',
  'list',
  'struct',
  'union',
  'fixed-size binary',
  'fixed-size list',
  'map',
  'duration',
  'large binary',
  'large utf8',
  'large list',
  'run-end encoded',
  'binary view',
  'utf8 view',
  'list view',
  'large list view',
];

/** Throws a `MalformedArrow` for a type that is not read. */
export function readField(field: Table): ArrowField {
  const name = field.text(0);
  const values = readType(field, name, 0);
  const encoding = field.table(4);
  if (encoding === undefined) return { name, type: values, dictionary: undefined };
  // Indices are of 32 bits unless told.
  const index = encoding.table(1);
  const type = index === undefined ? toInteger(32, true) : readInteger(index, name);
  return { name, type, dictionary: { id: encoding.long(0), values } };
}

type TypeReader = (type: Table | undefined, name: string) => ArrowType;

const plainTypes: Readonly<Record<string, TypeReader>> = {
  bool: () => ({ kind: 'bool' }),
  int: (type, name) => readInteger(type, name),
  float: (type, name) => readFloat(type, name),
  utf8: () => ({ kind: 'text', offsetBytes: 4 }),
  'large utf8': () => ({ kind: 'text', offsetBytes: 8 }),
  'utf8 view': () => ({ kind: 'view' }),
};

const listTypes: Readonly<Record<string, (child: ArrowType, type: Table | undefined) => ArrowType>> = {
  list: (child) => ({ kind: 'list', offsetBytes: 4, child }),
  'large list': (child) => ({ kind: 'list', offsetBytes: 8, child }),
  'fixed-size list': (child, type) => ({ kind: 'fixed', size: type?.integer(0, 4) ?? 0, child }),
};

function readType(field: Table, name: string, depth: number): ArrowType {
  const number = field.integer(2, 1);
  const kind = names[number] ?? `the type ${number}`;
  const type = field.table(3);
  // A list of nothing has no bytes that bound its length.
  if (kind === 'null' && depth === 0) return { kind };
  const plain = plainTypes[kind]?.(type, name);
  if (plain !== undefined) return plain;
  const [child, ...others] = field.tables(5);
  const toList = listTypes[kind];
  if (toList === undefined || child === undefined || others.length > 0 || depth === deepest)
    throw strangeType(name, kind);
  return toList(readType(child, name, depth + 1), type);
}

function strangeType(name: string, type: string): MalformedArrow {
  return new MalformedArrow(
    `the column ${JSON.stringify(name)} has the type ${type}: expected numbers, booleans, strings, or lists of them`,
  );
}

function readInteger(type: Table | undefined, name: string): ArrowType {
  const bits = type?.integer(0, 4) ?? 0;
  const isSigned = type?.integer(1, 1) !== 0;
  if ((isSigned ? signed : unsigned)[bits] === undefined) throw strangeType(name, `int of ${bits} bits`);
  return toInteger(bits, isSigned);
}

function toInteger(bits: number, isSigned: boolean): ArrowType {
  return { kind: 'number', array: (isSigned ? signed : unsigned)[bits] as NumberArrayType, bytes: bits / 8 };
}

function readFloat(type: Table | undefined, name: string): ArrowType {
  const precision = type?.integer(0, 2);
  if (precision === 1) return { kind: 'number', array: Float32Array, bytes: 4 };
  if (precision === 2) return { kind: 'number', array: Float64Array, bytes: 8 };
  throw strangeType(name, 'half float');
}
