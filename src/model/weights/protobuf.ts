/** Reads the fields of one protocol buffers message, without descending into nested messages. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Random access to bytes. */
export interface Source {
  readonly length: number;
  byteAt(position: number): number;
}

export interface Field {
  readonly number: number;
  readonly wireType: number;
  /** The value of a varint; NaN for other wire types. */
  readonly value: number;
  /** The content: from `from` (inclusive) to `to` (exclusive). */
  readonly from: number;
  readonly to: number;
}

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

/** Field keys have 32 bits. */
const maxKey = 2 ** 32 - 1;
const windowBytes = 64 * 1024;

export function toSource(bytes: Uint8Array): Source {
  return { length: bytes.length, byteAt: (position) => bytes[position] as number };
}

/** Reads only the parts of a file that are accessed. */
export function withFile<Value>(path: string, read: (source: Source) => Value): Value {
  const file = openSync(path, 'r');
  const window = Buffer.alloc(windowBytes);
  let from = 0;
  let to = 0;

  function byteAt(position: number): number {
    if (position < from || position >= to) {
      from = position;
      to = position + readSync(file, window, 0, windowBytes, position);
    }
    return window[position - from] as number;
  }

  try {
    return read({ length: fstatSync(file).size, byteAt });
  } finally {
    closeSync(file);
  }
}

/** Throws when the bytes are not a message. */
export function* readFields(source: Source, from: number, to: number): Generator<Field> {
  let at = from;

  function varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (at >= to) throw new RangeError('The message ends in the middle of a number.');
      const byte = source.byteAt(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  function lengthOf(wireType: number): number {
    if (wireType === wireTypes.bytes) return varint();
    if (wireType === wireTypes.fixed64) return 8;
    if (wireType === wireTypes.fixed32) return 4;
    throw new RangeError(`Invalid wire type ${wireType}.`);
  }

  while (at < to) {
    const key = varint();
    if (key > maxKey) throw new RangeError(`Invalid field key ${key}.`);
    const [number, wireType] = [Math.floor(key / 8), key % 8];
    if (wireType === wireTypes.varint) {
      const start = at;
      const value = varint();
      yield { number, wireType, value, from: start, to: at };
      continue;
    }
    const length = lengthOf(wireType);
    if (at + length > to) throw new RangeError('The message ends in the middle of a field.');
    at += length;
    yield { number, wireType, value: Number.NaN, from: at - length, to: at };
  }
}
