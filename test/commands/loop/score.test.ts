/** Intervals as the literature prints them. */
import { createScore, differenceOf, wilson } from '../../../src/commands/loop/score';

test("Wilson's interval and Newcombe's are those of Newcombe (1998)", () => {
  // Table I, 81 of 263, and Table II of the second paper, (a) 56/70 against 48/80: method 10.
  const [from, to] = wilson(81, 263);
  expect([from.toFixed(4), to.toFixed(4)]).toEqual(['0.2553', '0.3662']);
  const difference = differenceOf({ share: 56 / 70, rows: 70 }, { share: 48 / 80, rows: 80 });
  expect(difference.map((each) => each.toFixed(4))).toEqual(['0.0524', '0.3339']);
});

test('numbers are scored by their errors', () => {
  const score = createScore(false);
  score.add({ prediction: { value: 3 }, truth: 0 });
  score.add({ prediction: { value: 1 }, truth: 5 });
  expect(score.read()).toMatchObject({ rows: 2, value: Math.sqrt(12.5), meanAbsoluteError: 3.5 });
});
