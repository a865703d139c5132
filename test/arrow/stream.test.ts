/** Arrow streams: what is written is read, and what is changed on its way is read or refused, quickly. */
import { type Column, readColumns } from '../../src/arrow/columns';
import { MalformedArrow } from '../../src/arrow/malformed';
import { readStream } from '../../src/arrow/stream';
import { type WrittenColumn, writeStream } from '../../src/arrow/write-stream';
import { seed } from '../survive/seed';

const bytes = (array: Int32Array | Float64Array | Uint8Array) => Buffer.from(array.buffer);
const rows = 3;
const columns: readonly WrittenColumn[] = [
  { name: 'x', type: { kind: 'float', bits: 64 }, buffers: [bytes(Float64Array.of(1.5, -2, Number.NaN))] },
  { name: 'n', type: { kind: 'int', bits: 32 }, buffers: [bytes(Int32Array.of(7, 8, 9))] },
  { name: 'is', type: { kind: 'bool' }, buffers: [Buffer.of(0b101)] },
  {
    name: 'text',
    type: { kind: 'text' },
    buffers: [bytes(Int32Array.of(0, 2, 2, 5)), Buffer.from('abäc')],
  },
  {
    name: 'list',
    type: { kind: 'list', size: 2, of: { kind: 'int', bits: 32 } },
    buffers: [bytes(Int32Array.of(1, 2, 3, 4, 5, 6))],
  },
];
const stream = Buffer.concat(writeStream(columns, rows));

/** All values, row by row. */
function readAll(body: Buffer): unknown[][] {
  const { fields, batches } = readStream(body);
  return batches.flatMap((batch) => {
    if (batch.rows > 1_000) throw new MalformedArrow('too many rows');
    const read = readColumns(fields, batch);
    return Array.from({ length: batch.rows }, (_, row) => read.map((column: Column) => column.at(row)));
  });
}

test('what is written is read', () => {
  expect(readAll(stream)).toEqual([
    [1.5, 7, true, 'ab', [1, 2]],
    [-2, 8, false, '', [3, 4]],
    [Number.NaN, 9, true, 'äc', [5, 6]],
  ]);
  expect(readAll(Buffer.concat([Buffer.alloc(1), stream]).subarray(1))).toEqual(readAll(stream));
});

test.each(Array.from({ length: 20 }, (_, i) => i))('a stream with wrong bytes is read or refused, part %i', (part) => {
  let state = (seed + part) >>> 0;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const started = performance.now();
  for (let i = 0; i < 500; i++) {
    const wrong = Buffer.from(stream);
    for (let change = 0; change <= random(4); change++)
      wrong[random(wrong.length)] = [0, 1, 0x7f, 0xff, random(256)][random(5)] as number;
    try {
      readAll(wrong.subarray(0, random(10) === 0 ? random(wrong.length) : wrong.length));
    } catch (failure) {
      if (!(failure instanceof MalformedArrow)) throw failure;
    }
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});
