/** Turns measurements into the Markdown that is printed and published. */
import { connectionCounts } from './plan.mjs';

const at16 = 'requests/s at 16';
const compare = (title, figure, over, under, target = '') => ({
  title,
  over: { figure, id: over },
  under: { figure, id: under },
  target,
});
const growth = (host, id) => ({
  title: `memory after many requests ÷ after few: ${host}`,
  over: { figure: 'memory after many', id },
  under: { figure: 'memory after few', id },
  target: 'at most 1.15',
});

const ratios = [
  compare('requests/s, 16 connections: function ÷ echo', at16, 'function', 'echo', 'at least 0.80'),
  compare('requests/s, 16 connections: `server.ts` ÷ echo', at16, 'server', 'echo', 'at least 0.85'),
  compare(
    'requests/s, 16 connections: function ÷ bare functions-framework',
    at16,
    'function',
    'bare-framework',
    'at least 7',
  ),
  compare(
    'requests/s, 16 connections: function ÷ FastAPI + scikit-learn',
    at16,
    'function',
    'fastapi-sklearn',
    'at least 120',
  ),
  compare('requests/s, 16 connections: function ÷ FastAPI + ONNX Runtime', at16, 'function', 'fastapi-onnx'),
  compare('requests/s, 16 connections: function ÷ LitServe', at16, 'function', 'litserve'),
  compare('requests/s, 16 connections: function ÷ MLServer', at16, 'function', 'mlserver'),
  compare('requests/s, 16 connections: function ÷ BentoML', at16, 'function', 'bentoml'),
  compare('requests/s, 16 connections: function ÷ MLflow', at16, 'function', 'mlflow'),
  compare('p50, 1 connection: function ÷ echo', 'p50 at 1', 'function', 'echo', 'at most 2.5'),
  compare('p50, 1 connection: bare `node:http` + ONNX Runtime ÷ echo', 'p50 at 1', 'bare-ort', 'echo'),
  compare('p99, 64 connections: function ÷ echo', 'p99 at 64', 'function', 'echo'),
  compare(
    'rows/s, 50 000 rows: function ÷ FastAPI + ONNX Runtime',
    'rows/s of 50000',
    'function',
    'fastapi-onnx',
    'at least 5',
  ),
  compare(
    'rows/s, 50 000 rows: function ÷ FastAPI + ONNX Runtime with a declared return type',
    'rows/s of 50000',
    'function',
    'fastapi-onnx-typed',
  ),
  compare('rows/s, 50 000 rows: function ÷ ONNX Runtime alone', 'rows/s of 50000', 'function', 'model-alone'),
  compare(
    'cold start: function ÷ bare functions-framework',
    'cold start',
    'function',
    'bare-framework',
    'at most 0.70',
  ),
  compare(
    'cold start: function ÷ bare functions-framework as `index.cjs`',
    'cold start',
    'function',
    'bare-framework-cjs',
    'at most 0.85',
  ),
  compare(
    'cold start: `server.ts` ÷ bare `node:http` + ONNX Runtime',
    'cold start',
    'server',
    'bare-ort',
    'at most 1.15',
  ),
  compare(
    'CPU beyond the model’s run, 1 000 rows: JSON instances ÷ binary tensors',
    'cpu beyond the run',
    'json-instances',
    'bytes',
    'at least 4',
  ),
  compare('cold start: function ÷ FastAPI + scikit-learn', 'cold start', 'function', 'fastapi-sklearn'),
  compare(
    'requests/s, 16 connections: `server.ts` with a line a request ÷ with none',
    'requests/s logged',
    'logs all',
    'logs none',
    'at least 0.90',
  ),
  growth('function', 'function'),
  growth('`server.ts`', 'server'),
  growth('echo', 'echo'),
];

const modelAlone = { id: 'model-alone', title: 'ONNX Runtime alone: no server, no JSON' };

const milliseconds = (seconds) => (seconds < 1 ? (seconds * 1_000).toPrecision(3) : spaced(seconds * 1_000));
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
export const spaced = (number) =>
  Math.round(number)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
const decimals = (number) => (number >= 100 ? number.toFixed(0) : number.toFixed(2));
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
  const lines = ratios.flatMap(({ title, over, under, target }) => {
    const ratio = measurements.ratio(over, under);
    if (ratio === undefined) return [];
    return row([
      title,
      `**${decimals(ratio.ofMedians)}**`,
      decimals(ratio.ofRounds),
      `${decimals(ratio.least)} – ${decimals(ratio.most)}`,
      target,
    ]);
  });
  return [
    row(['ratio', 'of medians', 'median of rounds', 'range of rounds', 'wanted']),
    '|---|--:|--:|--:|---|',
    ...lines,
  ].join('\n');
}

const summarised = ['function', 'server', 'bare-framework', 'fastapi-onnx', 'litserve', 'fastapi-sklearn', 'mlserver'];

/** The few figures by which a reader of the README decides. */
export function toSummary({ contenders, measurements }) {
  const show = (figure, toText) => (contender) => format(measurements, figure, contender.id, toText);
  return toTable(
    'one row per request, one core for the server',
    summarised.flatMap((id) => contenders.find((contender) => contender.id === id) ?? []),
    [
      ['req/s, 16 connections', show(at16, spaced)],
      ['p50 ms, 1 connection', show('p50 at 1', milliseconds)],
      ['cold start ms', show('cold start', milliseconds)],
      ['deployed MB', show('size', megabytes)],
    ],
  );
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
    ['longest health answer beside 100 000 rows, ms', show('longest health answer', milliseconds)],
  ];
  return [
    toTable('one row a request, by connections', contenders, oneRow),
    toTable('rows a request; start', [...contenders, modelAlone], [...rows, ...start]),
  ];
}

function toTable(title, contenders, columns) {
  const lines = contenders.map((contender) => row([contender.title, ...columns.map(([, cell]) => cell(contender))]));
  return [row([title, ...columns.map(([name]) => name)]), `|---|${'--:|'.repeat(columns.length)}`, ...lines].join('\n');
}
