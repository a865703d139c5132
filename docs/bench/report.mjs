/** Turns measurements into the Markdown that is printed and published. */
import { connectionCounts } from './plan.mjs';
import { at16, ratios, sayWanted } from './ratios.mjs';
import { listShortfalls } from './shortfalls.mjs';

const modelAlone = { id: 'model-alone', title: 'ONNX Runtime alone: no server, no JSON' };

const milliseconds = (seconds) => (seconds < 1 ? (seconds * 1_000).toPrecision(3) : spaced(seconds * 1_000));
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
export const spaced = (number) =>
  Math.round(number)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
export const decimals = (number) => (number >= 100 ? number.toFixed(0) : number.toFixed(2));
const row = (cells) => `| ${cells.join(' | ')} |`;

/** The whole report: where it was measured, the ratios, the figures, the notes. */
export function toReport({ environment, contenders, measurements, plan, notes }) {
  return [
    environment,
    toRatioTable(measurements),
    ...toFigureTables(contenders, measurements, plan),
    notes.map((note) => `- ${note}`).join('\n'),
  ].join('\n\n');
}

function toRatioTable(measurements) {
  const lines = ratios.flatMap(({ title, over, under, wanted }) => {
    const ratio = measurements.ratio(over, under);
    if (ratio === undefined) return [];
    return row([
      title,
      `**${decimals(ratio.ofMedians)}**`,
      decimals(ratio.ofRounds),
      `${decimals(ratio.least)} – ${decimals(ratio.most)}`,
      sayWanted(wanted),
    ]);
  });
  return [
    row(['ratio', 'of medians', 'median of rounds', 'range of rounds', 'target']),
    '|---|--:|--:|--:|---|',
    ...lines,
  ].join('\n');
}

const summarised = ['function', 'server', 'bare-framework', 'fastapi-onnx', 'litserve', 'fastapi-sklearn', 'mlserver'];

/** The few figures by which a reader of the README decides, and what falls short. */
export function toSummary({ contenders, measurements }) {
  const show = (figure, toText) => (contender) => format(measurements, figure, contender.id, toText);
  const table = toTable(
    'one row per request, one core for the server',
    summarised.flatMap((id) => contenders.find((contender) => contender.id === id) ?? []),
    [
      ['req/s, 16 connections', show(at16, spaced)],
      ['p50 ms, 1 connection', show('p50 at 1', milliseconds)],
      ['cold start ms', show('cold start', milliseconds)],
      ['deployed MB', show('size', megabytes)],
    ],
  );
  return [table, ...listShortfalls(measurements)].join('\n\n');
}

function format(measurements, figure, id, toText) {
  const value = measurements.median(figure, id);
  return value === undefined ? '–' : toText(value);
}

function toFigureTables(contenders, measurements, plan) {
  const show = (figure, toText) => (contender) => format(measurements, figure, contender.id, toText);
  const oneRow = connectionCounts.flatMap((count) => [
    [`req/s, ${count}`, show(`requests/s at ${count}`, spaced)],
    [
      `p50, p99 ms, ${count}`,
      ({ id }) =>
        ['p50', 'p99'].map((name) => format(measurements, `${name} at ${count}`, id, milliseconds)).join(', '),
    ],
  ]);
  const rows = plan.rowCounts.map((count) => [`rows/s, ${spaced(count)}`, show(`rows/s of ${count}`, spaced)]);
  const start = [
    ['cold start ms', show('cold start', milliseconds)],
    ['memory loaded MB', show('memory loaded', megabytes)],
    ['deployed MB', show('size', megabytes)],
    ['slowest health check during 100 000 rows, ms', show('longest health answer', milliseconds)],
  ];
  return [
    toTable('one row per request, by connections', contenders, oneRow),
    toTable('rows per request; start', [...contenders, modelAlone], [...rows, ...start]),
  ];
}

function toTable(title, contenders, columns) {
  const lines = contenders.map((contender) => row([contender.title, ...columns.map(([, cell]) => cell(contender))]));
  return [row([title, ...columns.map(([name]) => name)]), `|---|${'--:|'.repeat(columns.length)}`, ...lines].join('\n');
}
