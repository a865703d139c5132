/** Chunks of a body come to the same bytes, however they were cut, in about as much memory. */
import fc from 'fast-check';
import { createChunks } from '../../src/host/chunks';

function join(pieces: readonly Buffer[]): Buffer {
  const chunks = createChunks();
  for (const piece of pieces) chunks.add(piece);
  return chunks.join();
}

test('chunks of any sizes are joined in order', () => {
  const sizes = fc.array(fc.oneof(fc.nat(3), fc.nat(9_000), fc.nat(40_000)), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const pieces = lengths.map((length, i) => Buffer.alloc(length, i + 1));
      expect(join(pieces).equals(Buffer.concat(pieces))).toBe(true);
    }),
  );
});

test('a single chunk is not copied', () => {
  const only = Buffer.from('{"instances":[]}');
  expect(join([only])).toBe(only);
});

test('a million chunks of one byte take about a million bytes', () => {
  const chunks = createChunks();
  const before = process.memoryUsage();
  for (let i = 0; i < 1_000_000; i++) chunks.add(Buffer.from([i & 0xff]));
  globalThis.gc?.();
  const after = process.memoryUsage();
  expect(after.external - before.external).toBeLessThan(16 * 1024 * 1024);
  expect(chunks.join()).toHaveLength(1_000_000);
});
