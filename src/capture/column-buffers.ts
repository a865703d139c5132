/** The buffers of columns, out of rows that were copied: elements of tensors, and texts that are the same for many rows. */
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

/** Texts by how many rows have them, one after another. */
export function createRuns() {
  let runs: { readonly text: string; rows: number }[] = [];

  function add(text: string, rows: number): void {
    const last = runs.at(-1);
    if (last?.text === text) last.rows += rows;
    else runs.push({ text, rows });
  }

  /** Offsets and texts of all rows, which are forgotten. */
  function take(): Buffer[] {
    const taken = runs;
    runs = [];
    const offsets = new Int32Array(1 + taken.reduce((sum, run) => sum + run.rows, 0));
    let row = 0;
    for (const { text, rows } of taken) {
      const length = Buffer.byteLength(text);
      for (const end = row + rows; row < end; row++) offsets[row + 1] = (offsets[row] as number) + length;
    }
    const texts = taken.map(({ text, rows }) => Buffer.alloc(rows * Buffer.byteLength(text), text));
    return [bytesOf(offsets), Buffer.concat(texts)];
  }

  return { add, take };
}
