/** The report as lines of text. */
import { printCounts, printReasons } from './print-counts';
import type { Evaluation, Report } from './report';
import { differenceOf, type Score } from './score';

export function printReport({ card, evaluation, counts, ...report }: Report): readonly string[] {
  const { labels } = card;
  const what = labels === undefined ? 'root mean squared error' : 'accuracy';
  const known = evaluation?.accuracy ?? evaluation?.rootMeanSquaredError;
  const head = [
    `${card.title}, ${card.name} ${card.version}`,
    `${counts.rows} rows captured, ${report.all.rows} with feedback, ${report.outside} outside the training range`,
    ...printCounts(counts),
    ...printReasons([
      [
        report.incomparable,
        `Rows left out because the prediction or the feedback is no ${labels === undefined ? 'number' : 'label'}`,
      ],
    ]),
  ];
  if (report.all.rows === 0) return [...head, '', 'No feedback for any of the rows: nothing to compare with.'];
  return [
    ...head,
    '',
    `live ${what}: ${describe(report.all)}`,
    ...(known === undefined ? [] : [`hold-out ${what}, by the card: ${round(known)} (${evaluation?.rows} rows)`]),
    ...verdictOf(report.all, evaluation),
    ...table('by version', report.byVersion),
    ...table('by day', report.byDay),
    ...(labels === undefined ? [] : confusionLines(labels, report.confusion)),
    ...report.features.flatMap(({ name, bins }) =>
      table(
        `by ${name}`,
        new Map(bins.filter(({ score }) => score.rows > 0).map(({ range, score }) => [range, score])),
      ),
    ),
  ];
}

/** The hold-out is a sample, too: often a small one. */
function verdictOf({ rows, value }: Score, evaluation: Evaluation | undefined): readonly string[] {
  if (evaluation?.accuracy === undefined) return [];
  const holdOut = { share: evaluation.accuracy, rows: evaluation.rows };
  const [from, to] = differenceOf({ share: value, rows }, holdOut);
  if (to < 0) return ['The live accuracy is below that of the hold-out by more than chance (95 %).'];
  if (from > 0) return ['The live accuracy is above that of the hold-out by more than chance (95 %).'];
  return ['The difference may be chance.'];
}

function table(title: string, scores: ReadonlyMap<string, Score>): readonly string[] {
  const width = Math.max(...[...scores.keys()].map(({ length }) => length), 0);
  return ['', title, ...[...scores].map(([key, score]) => `  ${key.padEnd(width)}  ${describe(score)}`)];
}

function describe({ rows, value, interval, meanAbsoluteError }: Score): string {
  const more = [
    ...(interval === undefined ? [] : [`95 %: ${round(interval[0])} to ${round(interval[1])}`]),
    ...(meanAbsoluteError === undefined ? [] : [`mean absolute error ${round(meanAbsoluteError)}`]),
    `${rows} rows`,
  ];
  return `${round(value)} (${more.join(', ')})`;
}

function confusionLines(labels: readonly string[], confusion: Report['confusion']): readonly string[] {
  const cells = [['', ...labels], ...confusion.map((row, i) => [labels[i] ?? '', ...row.map(String)])];
  const width = Math.max(...cells.flat().map(({ length }) => length));
  const lines = cells.map((row) => `  ${row.map((cell) => cell.padStart(width)).join('  ')}`);
  return ['', 'actual label down, predicted across', ...lines];
}

const round = (value: number) => String(Number(value.toPrecision(4)));
