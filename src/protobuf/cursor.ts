/** Reads the protocol buffers wire format field by field, from bytes in memory. */
import { isUtf8 } from 'node:buffer';
import { Problem } from '../problem';

/** A place in the bytes of one message; `end` is exclusive. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
  /** Field of the last tag. */
  field: number;
  /** Wire type of the last tag. */
  wireType: number;
}

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const maxKey = 2 ** 32 - 1;
const maxVarintBytes = 10;

export function createCursor(bytes: Buffer, at = 0, end = bytes.length): Cursor {
  return { bytes, at, end, field: 0, wireType: 0 };
}

/** Moves to the next field. Returns false at the end. */
export function nextField(cursor: Cursor): boolean {
  if (cursor.at >= cursor.end) return false;
  const key = readNumber(cursor);
  const field = Math.floor(key / 8);
  if (key > maxKey || field === 0) throw malformed(`the field key ${key}`);
  cursor.field = field;
  cursor.wireType = key % 8;
  return true;
}

/** A varint as a number, exact up to 2^53. */
export function readNumber(cursor: Cursor): number {
  const { bytes } = cursor;
  const first = cursor.at < cursor.end ? (bytes[cursor.at] as number) : 128;
  if (first < 128) {
    cursor.at++;
    return first;
  }
  const from = cursor.at;
  let value = 0;
  let factor = 1;
  for (;;) {
    if (cursor.at >= cursor.end || cursor.at - from === maxVarintBytes) throw malformed('a number that does not end');
    const byte = bytes[cursor.at++] as number;
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) return value;
  }
}

/** A varint as an unsigned integer of 64 bits. */
export function readLong(cursor: Cursor): bigint {
  const from = cursor.at;
  const value = readNumber(cursor);
  if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value);
  let exact = 0n;
  for (let at = cursor.at - 1; at >= from; at--) exact = (exact << 7n) | BigInt((cursor.bytes[at] as number) & 127);
  return BigInt.asUintN(64, exact);
}

/** A varint as a signed integer; rounded beyond 2^53. */
export function readSigned(cursor: Cursor): number {
  const from = cursor.at;
  const value = readNumber(cursor);
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  cursor.at = from;
  return Number(BigInt.asIntN(64, readLong(cursor)));
}

/** A double, of the wire type `fixed64`. */
export function readDouble(cursor: Cursor): number {
  const from = cursor.at;
  skipFixed(cursor);
  return cursor.bytes.readDoubleLE(from);
}

/** The content of a field with a length, without a copy. */
export function readBytes(cursor: Cursor): Buffer {
  const length = readLength(cursor);
  const from = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(from, from + length);
}

export function readText(cursor: Cursor): string {
  const length = readLength(cursor);
  const { bytes, at } = cursor;
  cursor.at += length;
  const text = bytes.subarray(at, at + length);
  if (!isUtf8(text)) throw malformed(`bytes that are not UTF-8 in the text of field ${cursor.field}`);
  return text.toString();
}

/** A cursor over a nested message; this one moves behind it. */
export function readMessage(cursor: Cursor): Cursor {
  const length = readLength(cursor);
  const from = cursor.at;
  cursor.at += length;
  return createCursor(cursor.bytes, from, from + length);
}

/** The length of a field's content, which is all there. */
export function readLength(cursor: Cursor): number {
  if (cursor.wireType !== wireTypes.bytes)
    throw malformed(`wire type ${cursor.wireType} for field ${cursor.field}, which has wire type ${wireTypes.bytes}`);
  const length = readNumber(cursor);
  if (length > cursor.end - cursor.at) throw malformed('a field that does not end');
  return length;
}

/** Moves behind the content of a field that nobody reads. */
export function skipField(cursor: Cursor): void {
  const { wireType } = cursor;
  if (wireType === wireTypes.varint) readNumber(cursor);
  else if (wireType === wireTypes.bytes) readBytes(cursor);
  else skipFixed(cursor);
}

function skipFixed(cursor: Cursor): void {
  const { wireType } = cursor;
  if (wireType !== wireTypes.fixed64 && wireType !== wireTypes.fixed32)
    throw malformed(`the wire type ${wireType} for field ${cursor.field}`);
  cursor.at += wireType === wireTypes.fixed64 ? 8 : 4;
  if (cursor.at > cursor.end) throw malformed('a field that does not end');
}

export function malformed(got: string): Problem {
  return new Problem('malformed-body', `Expected a protocol buffers message, got ${got}.`);
}
