/** Half-precision numbers: all of them survive, others are rounded as IEEE 754 says, on every Node.js. */
import fc from 'fast-check';
import { halfPacking, roundHalf } from '../../../src/model/tensors/half';

const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
const isNaNBits = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;

test('every half-precision number is unpacked and packed to the same bits', () => {
  const packed = halfPacking.pack(halfPacking.unpack(all));
  expect([...all].filter((bits) => packed[bits] !== bits && !isNaNBits(bits))).toEqual([]);
  expect([...all].filter((bits) => isNaNBits(bits) !== isNaNBits(packed[bits] as number))).toEqual([]);
});

test.each([
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x3c00, 1],
  [0xc000, -2],
  [0x7bff, 65_504],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0x8000, -0],
])('the bits %i are %d', (bits, value) => {
  expect(halfPacking.unpack(Uint16Array.of(bits))[0]).toBe(value);
});

const values = [...halfPacking.unpack(all)].filter((value) => Number.isFinite(value)).sort((a, b) => a - b);

const withoutSign = (value: number) => (value === 0 ? 0 : value);

test('a number is rounded to the nearest of them, the even one of two', () => {
  const bitsOf = (value: number) => (halfPacking.pack(Float32Array.of(value))[0] as number) & 1;
  for (let i = 1; i < values.length; i++) {
    const [low, high] = [values[i - 1] as number, values[i] as number];
    if (low === high) continue;
    const middle = (low + high) / 2;
    const even = bitsOf(low) === 0 ? low : high;
    const packed = halfPacking.unpack(halfPacking.pack(Float32Array.of(middle)))[0] as number;
    // Both zeros are the even one.
    expect([middle, low, high].map(roundHalf).concat(packed).map(withoutSign)).toEqual(
      [even, low, high, even].map(withoutSign),
    );
  }
});

test('float32 is packed as it is rounded', () => {
  const property = fc.property(fc.float({ noNaN: true }), (value) => {
    const unpacked = halfPacking.unpack(halfPacking.pack(Float32Array.of(value)))[0];
    expect(unpacked).toBe(roundHalf(value));
  });
  fc.assert(property, { numRuns: 20_000, seed: 1 });
});

test('what is larger than the largest and half a step is an infinity', () => {
  expect([65_519.99, 65_520, -1e9].map(roundHalf)).toEqual([
    65_504,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});
