/** The binary tensor data extension: little-endian elements; strings are prefixed with their length in four bytes. */
import { isUtf8 } from 'node:buffer';
import { type Datatype, datatypes } from '../../model/tensors/datatypes';
import { type Elements, rowWidth, type TensorSpec, toBytes, toElements } from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import { invalid } from '../shared/faults';
import type { Promised } from './request';

const lengthBytes = 4;
/** Strings read or written between two looks at the clock. */
const stringsPerStep = 512;

/** Bytes per row of a tensor without strings. */
export function bytesOfRow(spec: TensorSpec): number {
  return rowWidth(spec) * (datatypes[spec.datatype].bytes ?? 0);
}

/** Reads `count` elements. Allocates for the bytes received, not for what the shape claims. */
export function* decodeBinary(spec: TensorSpec, promised: Promised, bytes: Buffer, pointer: string): Work<Elements> {
  return decodeNumbers(spec, promised, bytes, pointer) ?? (yield* decodeStrings(spec.name, promised, bytes, pointer));
}

/** The same at once, for elements of a fixed size; undefined for strings. */
export function decodeNumbers(
  { name, datatype }: TensorSpec,
  { count, check }: Promised,
  bytes: Buffer,
  pointer: string,
): Elements | undefined {
  const row = datatypes[datatype];
  if (row.bytes === undefined) return undefined;
  if (bytes.length !== count * row.bytes)
    throw invalid(pointer, `${name}: expected ${count} elements of ${row.bytes} bytes, got ${bytes.length} bytes`);
  check();
  return toElements(row, bytes);
}

function* decodeStrings(name: string, { count, check }: Promised, bytes: Buffer, pointer: string): Work<string[]> {
  if (bytes.length >= count * lengthBytes) check();
  const strings: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (strings.length === count) throw invalid(pointer, `${name}: expected ${count} strings, got more`);
    if (strings.length % stringsPerStep === stringsPerStep - 1) yield;
    const end = at + lengthBytes <= bytes.length ? at + lengthBytes + bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length)
      throw invalid(pointer, `${name}: expected whole strings, got bytes that end within string ${strings.length}`);
    const text = bytes.subarray(at + lengthBytes, end);
    if (!isUtf8(text))
      throw invalid(pointer, `${name}: expected UTF-8 text, got other bytes in string ${strings.length}`);
    strings.push(text.toString());
    at = end;
  }
  if (strings.length !== count) throw invalid(pointer, `${name}: expected ${count} strings, got ${strings.length}`);
  return strings;
}

/** Elements `from` to `to` as bytes, in pieces; most numbers are not copied. */
export function* encodeBinary(datatype: Datatype, data: Elements, from: number, to: number): Work<Buffer[]> {
  const numbers = encodeNumbers(datatype, data, from, to);
  if (numbers !== undefined) return [numbers];
  const pieces: Buffer[] = [];
  for (let at = from; at < to; at += stringsPerStep) {
    pieces.push(encodeStrings((data as readonly string[]).slice(at, Math.min(at + stringsPerStep, to))));
    yield;
  }
  return pieces;
}

/** The same at once, for elements of a fixed size; undefined for strings. */
export function encodeNumbers(datatype: Datatype, data: Elements, from: number, to: number): Buffer | undefined {
  const row = datatypes[datatype];
  return Array.isArray(data) || row.bytes === undefined ? undefined : toBytes(row, data.subarray(from, to));
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
