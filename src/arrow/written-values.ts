/** The values of columns that are written: the type of an array of numbers, and the buffers of texts. */
import type { NumberType } from './write-stream';

const numberTypes = new Map<unknown, NumberType>([
  [Int8Array, { kind: 'int', bits: 8 }],
  [Int16Array, { kind: 'int', bits: 16 }],
  [Int32Array, { kind: 'int', bits: 32 }],
  [BigInt64Array, { kind: 'int', bits: 64 }],
  [Uint8Array, { kind: 'uint', bits: 8 }],
  [Uint16Array, { kind: 'uint', bits: 16 }],
  [Uint32Array, { kind: 'uint', bits: 32 }],
  [BigUint64Array, { kind: 'uint', bits: 64 }],
  [Float32Array, { kind: 'float', bits: 32 }],
  [Float64Array, { kind: 'float', bits: 64 }],
]);

/** Of the numbers in a typed array of this class. */
export function toNumberType(array: unknown): NumberType {
  return numberTypes.get(array) as NumberType;
}

export function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Offsets, and the texts behind one another. */
export function joinTexts(texts: readonly Buffer[]): Buffer[] {
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, { length }] of texts.entries()) offsets[i + 1] = (offsets[i] as number) + length;
  return [bytesOf(offsets), Buffer.concat(texts)];
}
