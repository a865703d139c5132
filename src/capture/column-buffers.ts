/** The buffers of columns, out of rows that were copied: elements of tensors, and what is the same for many rows. */
import { bytesOf, joinTexts } from '../arrow/written-values';
import type { Elements, Tensors } from '../model/tensors/tensors';
import type { ValueColumn } from './layout';

const bytesOfWord = 4;

/** The elements of a column, which are some of each row of its tensor. */
export function valuesOf({ data }: Tensors, column: ValueColumn, rows: number): Buffer[] {
  const { index, offset, count, width } = column;
  const elements = data[index] as Elements;
  if (Array.isArray(elements)) {
    const picked = Array.from({ length: rows }, (_, row) =>
      elements.slice(row * width + offset, row * width + offset + count),
    );
    return joinTexts(picked.flat().map((text) => Buffer.from(text)));
  }
  const bytes = bytesOf(elements.subarray(0, rows * width));
  if (count === width) return [bytes];
  // As words or bytes, whatever they are: a loop over one type of array takes a fraction of the time.
  const size = elements.BYTES_PER_ELEMENT;
  if (size % bytesOfWord !== 0)
    return [bytesOf(pick<Uint8Array>(bytes, new Uint8Array(rows * count * size), toUnits(column, size)))];
  const units = size / bytesOfWord;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / bytesOfWord);
  return [bytesOf(pick(words, new Uint32Array(rows * count * units), toUnits(column, units)))];
}

type Place = Pick<ValueColumn, 'offset' | 'count' | 'width'>;

function toUnits({ offset, count, width }: Place, units: number): Place {
  return { offset: offset * units, count: count * units, width: width * units };
}

function pick<Numbers extends Uint8Array | Uint32Array>(from: Numbers, to: Numbers, place: Place): Numbers {
  const { offset, count, width } = place;
  for (let at = 0, start = offset; at < to.length; start += width)
    for (let i = start; i < start + count; i++) to[at++] = from[i] as number;
  return to;
}

/** Whole numbers as 64 bits. The same one follows itself in many rows, and each conversion allocates. */
export function toLongs(numbers: Float64Array): BigInt64Array {
  const longs = new BigInt64Array(numbers.length);
  let long = 0n;
  for (let i = 0; i < numbers.length; i++) {
    if (i === 0 || numbers[i] !== numbers[i - 1]) long = BigInt(numbers[i] as number);
    longs[i] = long;
  }
  return longs;
}

/** Offsets and texts of rows, of which most have the same text as the one before. */
export function repeatedTexts(texts: readonly string[]): Buffer[] {
  const offsets = new Int32Array(texts.length + 1);
  const parts: Buffer[] = [];
  for (let from = 0; from < texts.length; ) {
    const text = texts[from] as string;
    const length = Buffer.byteLength(text);
    let end = from;
    for (; texts[end] === text; end++) offsets[end + 1] = (offsets[end] as number) + length;
    parts.push(Buffer.alloc((end - from) * length, text));
    from = end;
  }
  return [bytesOf(offsets), Buffer.concat(parts)];
}
