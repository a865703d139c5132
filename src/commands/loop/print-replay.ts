/** The replay as lines of text. */
import type { Bootstrap, McNemar, PairedTest } from './paired-test';
import { printCounts } from './print-counts';
import type { Replay } from './replay';

const shownPlaces = 8;
const significance = 0.05;
/** Of five rows, all change in one direction by chance once in 16 times. */
const fewestRows = 6;

export function printReplay({
  card,
  rows,
  refused,
  different,
  largestDifference,
  counts,
  places,
  test,
}: Replay): readonly string[] {
  const what = card.labels === undefined ? 'another value' : 'another label';
  return [
    `${rows} captured rows asked of ${card.name} ${card.version}`,
    ...printCounts(counts),
    ...(refused > 0
      ? [`${refused} rows left out: this version does not take them, or a private value is missing`]
      : []),
    `same: ${rows - different}, ${what}: ${different}`,
    largestDifference === Number.POSITIVE_INFINITY
      ? 'one of two answers lacks a number that the other has'
      : `largest difference between numbers: ${round(largestDifference)}`,
    ...(places.length === 0 ? [] : ['', 'where they differ most']),
    ...places.slice(0, shownPlaces).map((place) => `  ${place.name}: ${place.different} of ${place.rows}`),
    '',
    ...(test === undefined
      ? ['No feedback for any of the rows: which one is right is not known.']
      : describeTest(test)),
  ];
}

function describeTest(test: PairedTest): readonly string[] {
  return 'p' in test ? describeMcNemar(test) : describeBootstrap(test);
}

function describeMcNemar({ rows, bothRight, onlyBefore, onlyNow, p }: McNemar): readonly string[] {
  const better = onlyNow > onlyBefore ? 'this version' : 'what was served';
  return [
    `of ${rows} rows with feedback, served right: ${bothRight + onlyBefore}, this version right: ${bothRight + onlyNow}`,
    `right only as served: ${onlyBefore}, right only now: ${onlyNow}; McNemar's exact test: p = ${round(p)}`,
    p < significance ? `More than chance: ${better} is better.` : 'The difference may be chance.',
  ];
}

function describeBootstrap({ rows, before, now, interval: [from, to] }: Bootstrap): readonly string[] {
  const verdict = () => {
    if (rows < fewestRows) return `Fewer than ${fewestRows} rows cannot tell the difference from chance.`;
    if (to < 0) return 'More than chance: this version is better.';
    return from > 0 ? 'More than chance: what was served is better.' : 'The difference may be chance.';
  };
  return [
    `of ${rows} rows with feedback, mean squared error as served: ${round(before)}, now: ${round(now)}`,
    `change: ${round(now - before)} (paired bootstrap, 95 %: ${round(from)} to ${round(to)})`,
    verdict(),
  ];
}

const round = (value: number) => String(Number(value.toPrecision(4)));
