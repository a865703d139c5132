/** Columns of texts, and where the parts of a column lie that others share. */
import { isUtf8 } from 'node:buffer';
import { type Cursor, requireBytes } from './cursor';
import { MalformedArrow } from './malformed';
import type { NumberArray } from './types';

/** Views may share their text: more than so many times the bytes of the batch is no table but an attack. */
const mostSharing = 16;
const bytesOfView = 16;
const longestInline = 12;

/** Values without their nulls. */
export interface Values {
  at(row: number): unknown;
  readonly numbers?: NumberArray | undefined;
}

export function readTexts(cursor: Cursor, offsetBytes: 4 | 8, length: number): Values {
  const spanOf = readOffsets(cursor.takeBuffer(), offsetBytes, length);
  const data = cursor.takeBuffer();
  if (!isUtf8(data)) throw new MalformedArrow('it has text that is not UTF-8');
  return {
    at(row) {
      const [from, to] = spanOf(row, data.length);
      return data.toString('utf8', from, to);
    },
  };
}

export function readViews(cursor: Cursor, length: number): Values {
  const views = requireBytes(cursor.takeBuffer(), length * bytesOfView);
  const texts = cursor.takeTexts();
  if (!texts.every((text) => isUtf8(text))) throw new MalformedArrow('it has text that is not UTF-8');
  let left = mostSharing * cursor.bytes;
  return {
    at(row) {
      const at = row * bytesOfView;
      const size = views.readUInt32LE(at);
      if (size <= longestInline) return views.toString('utf8', at + 4, at + 4 + size);
      const text = texts[views.readUInt32LE(at + 8)];
      const from = views.readUInt32LE(at + 12);
      left -= size;
      if (text === undefined || from + size > text.length || left < 0)
        throw new MalformedArrow('it has a view beyond its text, or views that share the same text too often');
      return text.toString('utf8', from, from + size);
    },
  };
}

/** Where a row's part of the values lies. No two rows share any: offsets never fall. */
export function readOffsets(offsets: Buffer, size: 4 | 8, length: number) {
  if (length > 0) requireBytes(offsets, (length + 1) * size);
  const offsetAt = (at: number) =>
    size === 4 ? offsets.readUInt32LE(at * 4) : Number(offsets.readBigUInt64LE(at * 8));
  return (row: number, end: number): readonly [number, number] => {
    const [from, to] = [offsetAt(row), offsetAt(row + 1)];
    if (from > to || to > end) throw new MalformedArrow('it has offsets that fall, or lie beyond their values');
    return [from, to];
  };
}
