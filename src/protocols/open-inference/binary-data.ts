/** The binary tensor data extension: elements as little-endian bytes, strings each behind its length in four bytes. */
import { isUtf8 } from 'node:buffer';
import { elementBytes, rowWidth, type TensorData, type TensorSpec, toBytes, toElements } from '../../model/tensors';
import { invalid } from './faults';

const lengthBytes = 4;

/** Bytes of one row of a tensor that is not of strings. */
export function bytesOfRow(spec: TensorSpec): number {
  return rowWidth(spec) * (elementBytes(spec.datatype) ?? 0);
}

/** Reads `count` elements. Memory is taken for the bytes that came, whatever a shape promised. */
export function decodeBinary(
  { name, datatype }: TensorSpec,
  count: number,
  bytes: Buffer,
  pointer: string,
): TensorData {
  if (datatype === 'BYTES') return decodeStrings(name, count, bytes, pointer);
  const size = elementBytes(datatype) ?? 0;
  if (bytes.length !== count * size)
    throw invalid(pointer, `${name}: expected ${count} elements of ${size} bytes, came ${bytes.length} bytes`);
  return toElements(datatype, bytes);
}

function decodeStrings(name: string, count: number, bytes: Buffer, pointer: string): string[] {
  const strings: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + lengthBytes <= bytes.length ? at + lengthBytes + bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length)
      throw invalid(pointer, `${name}: expected whole strings, came bytes that end within string ${strings.length}`);
    const text = bytes.subarray(at + lengthBytes, end);
    if (!isUtf8(text))
      throw invalid(pointer, `${name}: expected UTF-8 text, came other bytes in string ${strings.length}`);
    strings.push(text.toString());
    at = end;
  }
  if (strings.length !== count) throw invalid(pointer, `${name}: expected ${count} strings, came ${strings.length}`);
  return strings;
}

export function encodeBinary(data: TensorData): Buffer {
  return Array.isArray(data) ? encodeStrings(data) : toBytes(data);
}

function encodeStrings(strings: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (const string of strings) {
    const text = Buffer.from(string);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(text.length);
    parts.push(length, text);
  }
  return Buffer.concat(parts);
}
