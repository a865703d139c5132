/** The tests on pairs, against values that are worked out by hand. */
import { exactP, testPairs } from '../../../src/commands/loop/paired-test';

test('the exact test counts the ways in which a coin falls', () => {
  expect(exactP(1, 9)).toBeCloseTo((2 * 11) / 1024, 12);
  expect(exactP(0, 5)).toBeCloseTo(2 / 32, 12);
  expect(exactP(4, 4)).toBe(1);
  expect(exactP(0, 0)).toBe(1);
  expect(exactP(500, 5000)).toBeLessThan(1e-100);
});

test('labels that only one of the two got right are told apart', () => {
  const pair = (truth: string, before: string, now: string) => ({
    truth,
    before: { label: before },
    now: { label: now },
  });
  const pairs = [
    pair('a', 'a', 'a'),
    pair('a', 'a', 'b'),
    pair('b', 'a', 'b'),
    pair('b', 'a', 'b'),
    pair('a', 'b', 'b'),
  ];
  expect(testPairs(pairs, true)).toMatchObject({ rows: 5, bothRight: 1, onlyBefore: 1, onlyNow: 2, p: 1 });
});

test('the interval of a difference in error holds it, and is the same each time', () => {
  const pairs = Array.from({ length: 200 }, (_, i) => ({
    truth: 0,
    before: { value: 1 + (i % 5) / 10 },
    now: { value: 1.5 + (i % 7) / 10 },
  }));
  const first = testPairs(pairs, false);
  expect(testPairs(pairs, false)).toEqual(first);
  if (!('interval' in first)) throw new Error('expected a bootstrap');
  const change = first.now - first.before;
  const [from, to] = first.interval;
  expect(from).toBeLessThan(change);
  expect(to).toBeGreaterThan(change);
  expect(from).toBeGreaterThan(0);
});

test('a value may be the only member of an object; a version that answers no number is worse', () => {
  const pairs = [1, 2, 3].map((truth) => ({
    truth,
    before: { value: { price: truth + 2 } },
    now: { value: truth + 1 },
  }));
  expect(testPairs(pairs, false)).toMatchObject({ before: 4, now: 1, interval: [-3, -3] });
  const none = testPairs([...pairs, { truth: 1, before: { value: 1 }, now: { value: null } }], false);
  expect(none).toMatchObject({ before: 3, now: Number.POSITIVE_INFINITY });
});
