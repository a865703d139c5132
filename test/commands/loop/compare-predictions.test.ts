/** Predictions are compared member by member, each number by its own tolerance. */
import { comparePredictions } from '../../../src/commands/loop/compare-predictions';

const { POSITIVE_INFINITY } = Number;

test.each<[string, unknown, unknown, number, boolean]>([
  ['equal numbers', { value: 1 }, { value: 1 }, 0, false],
  ['numbers within the tolerance', { value: 1000 }, { value: 1001 }, 1, false],
  ['a small number beyond it, beside a large one within', { a: [1000, 0.5] }, { a: [1001, 0.75] }, 1, true],
  ['a number where there was none', { value: null }, { value: 3 }, POSITIVE_INFINITY, true],
  ['none where there was a number', { value: 0 }, { value: null }, POSITIVE_INFINITY, true],
  ['no number twice', { value: null }, { value: null }, 0, false],
  ['a list that is longer', [1], [1, 2], POSITIVE_INFINITY, true],
  ['a member more', { a: 1 }, { a: 1, b: 2 }, POSITIVE_INFINITY, true],
  ['other texts', { a: 1, name: 'x' }, { a: 1, name: 'y' }, 0, true],
  ['another truth value', [true], [false], 0, true],
])('%s', (_title, before, now, largest, isBeyond) => {
  expect(comparePredictions(before, now, 0.01)).toEqual({ largest, isBeyond });
});
