/** The distance counts what people mistype. */
import fc from 'fast-check';
import { editDistance, isAlmost } from '../src/edit-distance';

test.each([
  ['coverage', 'coverage', 0],
  ['covrage', 'coverage', 1],
  ['coverrage', 'coverage', 1],
  ['covergae', 'coverage', 1],
  ['Coverage', 'coverage', 1],
  ['average', 'coverage', 2],
  ['', 'flag', 4],
  ['flag', '', 4],
  ['ca', 'abc', 3],
])('from %j to %j it is %i', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
});

test('what is almost a name is at most one letter away, whatever its case', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B'), maxLength: 6 });
  const property = fc.property(word, word, (one, other) => {
    expect(isAlmost(one, other)).toBe(editDistance(one.toLowerCase(), other.toLowerCase()) <= 1);
  });
  fc.assert(property, { numRuns: 5000 });
});
