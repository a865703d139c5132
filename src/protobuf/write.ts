/** Writes the protocol buffers wire format: each function gives the bytes of one field. */
import { wireTypes } from './cursor';

const keyBits = 3;
const bigSeven = 7n;

/** The bytes of a varint, for integers from 0 to 2^53. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** The bytes of a varint, for integers of 64 bits; negative ones are their two's complement. */
export function longVarint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= bigSeven;
  }
  bytes.push(Number(rest));
  return bytes;
}

function key(field: number, wireType: number): number[] {
  return varint(field * 2 ** keyBits + wireType);
}

export function varintField(field: number, value: number | bigint): Buffer {
  const bytes = typeof value === 'bigint' || value < 0 ? longVarint(BigInt(value)) : varint(value);
  return Buffer.from([...key(field, wireTypes.varint), ...bytes]);
}

export function textField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

export function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([prefixOf(field, bytes.length), bytes]);
}

export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([Buffer.from(key(field, wireTypes.fixed64)), bytes]);
}

/** Key and length of a field whose content follows. */
export function prefixOf(field: number, length: number): Buffer {
  return Buffer.from([...key(field, wireTypes.bytes), ...varint(length)]);
}

/** A packed field of varints; nothing for none. */
export function packedField(field: number, values: readonly (number | bigint)[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const bytes = values.flatMap((value) =>
    typeof value === 'bigint' || value < 0 ? longVarint(BigInt(value)) : varint(value),
  );
  return bytesField(field, Buffer.from(bytes));
}
