/** Integers that JSON.parse rounds are kept, and all else is what JSON.parse makes of it. */
import fc from 'fast-check';
import { parseExactly } from '../../src/json/exact';
import { parseJson } from '../../src/json/parse';
import { finish } from '../../src/turns';
import { noLimits } from './no-limits';
import { outcomeOf } from './outcome';

describe('integers beyond 2^53', () => {
  const text =
    '{"id":10000000000000000,"a":[-9223372036854775808,18446744073709551615,1e16,10000000000000000.0,123],"b":"1234567890123456789"}';

  test('become bigints, and nothing else does', () => {
    expect(finish(parseJson(Buffer.from(text), noLimits, parseExactly))).toStrictEqual({
      id: 10_000_000_000_000_000n,
      a: [-(2n ** 63n), 2n ** 64n - 1n, 1e16, 1e16, 123],
      b: '1234567890123456789',
    });
  });

  test('leave all else as JSON.parse has it', () => {
    const property = fc.property(
      fc.jsonValue(),
      fc.nat(),
      fc.constantFrom('', '"', ',', '\\', ']', '}', '0', ' '),
      (value, at, byte) => {
        const whole = JSON.stringify(['0.1234567890123456789', 0.1234567890123456, value]);
        for (const changed of [
          whole,
          whole.slice(0, at % whole.length) + byte + whole.slice((at % whole.length) + 1),
        ]) {
          const expected = outcomeOf(() => JSON.parse(changed));
          const exact = outcomeOf(() => parseExactly(changed));
          const rounded = JSON.stringify(exact, (_, member) => (typeof member === 'bigint' ? Number(member) : member));
          expect(rounded).toBe(JSON.stringify(expected));
        }
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  test('of more digits than any datatype has are rounded', () => {
    const digits = '9'.repeat(100_000);
    expect(parseExactly(`[${digits}]`)).toStrictEqual([Number.POSITIVE_INFINITY]);
  });
});
