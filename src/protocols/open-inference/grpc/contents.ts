/** Typed contents: elements in the field of their kind, counted before any is kept. */
import { type Datatype, datatypes } from '../../../model/tensors/datatypes';
import { createData, type Elements, type TensorSpec, toElements } from '../../../model/tensors/tensors';
import {
  type Cursor,
  createCursor,
  malformed,
  nextField,
  readBytes,
  readLength,
  readLong,
  readNumber,
  readSigned,
  readText,
  skipField,
  wireTypes,
} from '../../../protobuf/cursor';
import type { Work } from '../../../turns';
import { invalid } from '../../shared/faults';
import type { Promised, SentElements } from '../request';

export interface ContentField {
  readonly number: number;
  readonly name: string;
  /** Bytes of an element; undefined where they vary. */
  readonly bytes?: number;
  readonly isText?: true;
  /** Reads an element that is not of a fixed size. */
  read(cursor: Cursor): unknown;
}

const booleans = { number: 1, name: 'bool_contents', read: (cursor: Cursor) => readNumber(cursor) !== 0 };
const integers = { number: 2, name: 'int_contents', read: readSigned };
const longs = { number: 3, name: 'int64_contents', read: (cursor: Cursor) => BigInt.asIntN(64, readLong(cursor)) };
const naturals = { number: 4, name: 'uint_contents', read: readNumber };
const longNaturals = { number: 5, name: 'uint64_contents', read: readLong };
const floats = { number: 6, name: 'fp32_contents', bytes: 4, read: readNumber };
const doubles = { number: 7, name: 'fp64_contents', bytes: 8, read: readNumber };
const texts = { number: 8, name: 'bytes_contents', isText: true as const, read: readText };

/** The field of a datatype; a float16 has none. */
export const contentFields: Readonly<Record<Datatype, ContentField | undefined>> = {
  BOOL: booleans,
  UINT8: naturals,
  UINT16: naturals,
  UINT32: naturals,
  UINT64: longNaturals,
  INT8: integers,
  INT16: integers,
  INT32: integers,
  INT64: longs,
  FP16: undefined,
  FP32: floats,
  FP64: doubles,
  BYTES: texts,
};

/** Elements, or bytes scanned, between two looks at the clock. */
const perStep = 4096;

/** The elements in the bytes of an `InferTensorContents`. */
export function toSentElements(bytes: Buffer): SentElements {
  return {
    isEmpty: bytes.length === 0,
    read: (spec, promised, pointer) => readContents(bytes, spec, promised, `${pointer}/contents`),
  };
}

function* readContents(
  bytes: Buffer,
  { name, datatype }: TensorSpec,
  { count, check }: Promised,
  pointer: string,
): Work<Elements> {
  const field = contentFields[datatype];
  if (field === undefined)
    throw invalid(pointer, `${name}: expected ${datatype} in raw_input_contents, since it has no typed contents`);
  const got = yield* countElements(bytes, field, name, pointer);
  if (got !== count) throw invalid(pointer, `${name}: expected ${count} elements for this shape, got ${got}`);
  check();
  return yield* field.bytes === undefined
    ? collect(bytes, field, datatype, count, `${name}: `, pointer)
    : joinFixed(bytes, field, datatype);
}

function* countElements(bytes: Buffer, field: ContentField, name: string, pointer: string): Work<number> {
  const cursor = createCursor(bytes);
  let count = 0;
  for (let fields = 0; nextField(cursor); fields++) {
    if (fields % perStep === perStep - 1) yield;
    if (cursor.field !== field.number) refuseOther(cursor, field, name, pointer);
    else if (cursor.wireType !== wireTypes.bytes || field.isText === true) count++;
    else {
      const { at } = cursor;
      count += yield* countPacked(readBytes(cursor), field.bytes);
      cursor.at = at;
    }
    skipField(cursor);
  }
  return count;
}

function refuseOther({ field: number }: Cursor, { name: expected }: ContentField, name: string, pointer: string): void {
  const other = Object.values(contentFields).find((each) => each?.number === number);
  if (other !== undefined) throw invalid(pointer, `${name}: expected ${expected} for its datatype, got ${other.name}`);
}

function* countPacked(packed: Buffer, elementBytes: number | undefined): Work<number> {
  if (elementBytes !== undefined) {
    if (packed.length % elementBytes !== 0) throw malformed(`${packed.length} bytes of elements of ${elementBytes}`);
    return packed.length / elementBytes;
  }
  let count = 0;
  for (let i = 0; i < packed.length; i++) {
    if ((packed[i] as number) < 128) count++;
    if (i % (perStep * 8) === perStep * 8 - 1) yield;
  }
  return count;
}

/** Elements of one size lie in memory as on the wire. */
function* joinFixed(bytes: Buffer, field: ContentField, datatype: Datatype): Work<Elements> {
  const row = datatypes[datatype];
  const size = field.bytes as number;
  const joined = Buffer.allocUnsafe(bytes.length);
  const cursor = createCursor(bytes);
  let filled = 0;
  for (let fields = 0; nextField(cursor); fields++) {
    if (fields % perStep === perStep - 1) yield;
    const { at } = cursor;
    if (cursor.field === field.number && cursor.wireType === wireTypes.bytes)
      filled += readBytes(cursor).copy(joined, filled);
    else if (cursor.field === field.number) filled += bytes.copy(joined, filled, at, at + size);
    cursor.at = at;
    skipField(cursor);
  }
  return row.bytes === undefined ? [] : toElements(row, joined.subarray(0, filled));
}

function* collect(
  bytes: Buffer,
  field: ContentField,
  datatype: Datatype,
  count: number,
  title: string,
  pointer: string,
): Work<Elements> {
  const { read, expected } = datatypes[datatype];
  const target = createData(datatype, count) as unknown[];
  const cursor = createCursor(bytes);
  let filled = 0;

  function put(from: Cursor): void {
    const value = field.read(from);
    const element = read(value);
    if (element === undefined)
      throw invalid(pointer, `${title}expected ${expected}, got ${value} in element ${filled}`);
    target[filled++] = element;
  }

  while (nextField(cursor)) {
    if (cursor.field !== field.number) {
      skipField(cursor);
      continue;
    }
    if (cursor.wireType !== wireTypes.bytes || field.isText === true) put(cursor);
    else yield* putPacked(cursor, put);
    if (filled % perStep === 0) yield;
  }
  return target as Elements;
}

function* putPacked(cursor: Cursor, put: (from: Cursor) => void): Work<void> {
  const length = readLength(cursor);
  const packed = createCursor(cursor.bytes, cursor.at, cursor.at + length);
  cursor.at += length;
  for (let i = 1; packed.at < packed.end; i++) {
    put(packed);
    if (i % perStep === 0) yield;
  }
}
