/** Reads FlatBuffers, the format of Arrow's metadata: each access is checked, since offsets and lengths are the sender's. */
import { MalformedArrow } from './malformed';

export interface Table {
  /** The scalar of a field, or what stands for one that is left out. */
  integer(field: number, bytes: 1 | 2 | 4, otherwise?: number): number;
  /** A 64-bit integer, at most 2^53 - 1 and not negative. */
  long(field: number): number;
  text(field: number): string;
  table(field: number): Table | undefined;
  tables(field: number): readonly Table[];
  /** Pairs of 64-bit integers, as Arrow's structs of 16 bytes are. */
  pairs(field: number): readonly (readonly [number, number])[];
  longs(field: number): readonly number[];
}

const sizeOfPair = 16;
const sizeOfLong = 8;
const sizeOfOffset = 4;

export function readRoot(bytes: Buffer): Table {
  return tableAt(bytes, uint(bytes, 0, 4));
}

function uint(bytes: Buffer, at: number, size: 1 | 2 | 4): number {
  if (at < 0 || at + size > bytes.length) throw new MalformedArrow('its metadata point beyond their end');
  return bytes.readUIntLE(at, size);
}

function longAt(bytes: Buffer, at: number): number {
  const high = uint(bytes, at + 4, 4);
  const value = high * 2 ** 32 + uint(bytes, at, 4);
  if (!Number.isSafeInteger(value))
    throw new MalformedArrow('it has a length or an offset that is negative or too large');
  return value;
}

function tableAt(bytes: Buffer, start: number): Table {
  const vtable = start - (uint(bytes, start, 4) | 0);
  const size = uint(bytes, vtable, 2);

  /** Where a field is; undefined if it is left out. */
  function place(field: number): number | undefined {
    const slot = 4 + 2 * field;
    if (slot + 2 > size) return undefined;
    const offset = uint(bytes, vtable + slot, 2);
    return offset === 0 ? undefined : start + offset;
  }

  /** The place and the number of a vector's elements, which lie within the bytes. */
  function vector(field: number, sizeOfElement: number): { readonly from: number; readonly count: number } {
    const at = place(field);
    if (at === undefined) return { from: 0, count: 0 };
    const from = at + uint(bytes, at, 4);
    const count = uint(bytes, from, 4);
    if (from + 4 + count * sizeOfElement > bytes.length)
      throw new MalformedArrow('its metadata point beyond their end');
    return { from: from + 4, count };
  }

  const each = <Value>(field: number, width: number, read: (at: number) => Value): readonly Value[] => {
    const { from, count } = vector(field, width);
    return Array.from({ length: count }, (_, i) => read(from + i * width));
  };

  return {
    integer(field, width, otherwise = 0) {
      const at = place(field);
      return at === undefined ? otherwise : uint(bytes, at, width);
    },
    long(field) {
      const at = place(field);
      return at === undefined ? 0 : longAt(bytes, at);
    },
    text(field) {
      const { from, count } = vector(field, 1);
      return bytes.toString('utf8', from, from + count);
    },
    table(field) {
      const at = place(field);
      return at === undefined ? undefined : tableAt(bytes, at + uint(bytes, at, 4));
    },
    tables: (field) => each(field, sizeOfOffset, (at) => tableAt(bytes, at + uint(bytes, at, 4))),
    pairs: (field) => each(field, sizeOfPair, (at) => [longAt(bytes, at), longAt(bytes, at + 8)] as const),
    longs: (field) => each(field, sizeOfLong, (at) => longAt(bytes, at)),
  };
}
