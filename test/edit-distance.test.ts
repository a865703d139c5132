/** The distance counts what people mistype. */
import { editDistance } from '../src/edit-distance';

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
