/** Float32 numbers are written shortly and read back unchanged. */
import fc from 'fast-check';
import { floatText, shortestFloat } from '../../../src/model/tensors/decimal';

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('the text of a float32', () => {
  test('reads back as the same float32', () => {
    fc.assert(fc.property(float32, (value) => Object.is(Math.fround(shortestFloat(value)), value) || value === 0));
    fc.assert(fc.property(float32, (value) => Math.fround(JSON.parse(floatText(value)) as number) === value));
  });

  test('is the decimal that a person would write', () => {
    const sixDigits = fc.integer({ min: 0, max: 999_999 });
    fc.assert(fc.property(sixDigits, (digits) => shortestFloat(Math.fround(digits / 1e6)) === digits / 1e6));
  });

  test('is right for each of many numbers that share a place', () => {
    const values = Array.from({ length: 50_000 }, (_, i) => Math.fround(i / 49_999));
    expect([...values, ...values].filter((value) => Math.fround(Number(floatText(value))) !== value)).toEqual([]);
  });
});
