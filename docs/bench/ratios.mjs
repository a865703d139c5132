/** What is compared with what, how far it should come, and why it does not where it does not. */
export const at16 = 'requests/s at 16';

const compare = (title, figure, over, under, wanted, because) => ({
  title,
  over: { figure, id: over },
  under: { figure, id: under },
  wanted,
  because,
});
const growth = (host, id) => ({
  title: `memory after many ÷ after few requests: ${host}`,
  over: { figure: 'memory after many', id },
  under: { figure: 'memory after few', id },
  wanted: { most: 1.15 },
});

const eachRequest =
  'The echo does not read, check or write predictions. Batching already serves more requests than a bare `node:http` handler that runs the model once per request.';
const manyRows =
  'The rest is reading 1 MB of text, writing 4 MB, and counting for drift; a bare handler without checks stays below this, too. Send tables of this size as Arrow or binary tensors.';

export const ratios = [
  compare('requests/s, 16 connections: function ÷ echo', at16, 'function', 'echo', { least: 0.85 }, eachRequest),
  compare('requests/s, 16 connections: `server.ts` ÷ echo', at16, 'server', 'echo', { least: 0.85 }, eachRequest),
  compare(
    'requests/s, 16 connections: function ÷ bare functions-framework',
    at16,
    'function',
    'bare-framework',
    { least: 7 },
    'For the same reason.',
  ),
  compare('requests/s, 16 connections: function ÷ FastAPI + scikit-learn', at16, 'function', 'fastapi-sklearn', {
    least: 120,
  }),
  compare('requests/s, 16 connections: function ÷ FastAPI + ONNX Runtime', at16, 'function', 'fastapi-onnx'),
  compare('requests/s, 16 connections: function ÷ LitServe', at16, 'function', 'litserve'),
  compare('requests/s, 16 connections: function ÷ MLServer', at16, 'function', 'mlserver'),
  compare('requests/s, 16 connections: function ÷ BentoML', at16, 'function', 'bentoml'),
  compare('requests/s, 16 connections: function ÷ MLflow', at16, 'function', 'mlflow'),
  compare('p50, 1 connection: function ÷ echo', 'p50 at 1', 'function', 'echo', { most: 2.5 }),
  compare('p50, 1 connection: bare `node:http` + ONNX Runtime ÷ echo', 'p50 at 1', 'bare-ort', 'echo'),
  compare('p99, 64 connections: function ÷ echo', 'p99 at 64', 'function', 'echo'),
  compare('rows/s, 50 000 rows: function ÷ FastAPI + ONNX Runtime', 'rows/s of 50000', 'function', 'fastapi-onnx', {
    least: 5,
  }),
  compare(
    'rows/s, 50 000 rows: function ÷ FastAPI + ONNX Runtime with a declared return type',
    'rows/s of 50000',
    'function',
    'fastapi-onnx-typed',
  ),
  compare('rows/s, 50 000 rows: function ÷ ONNX Runtime alone', 'rows/s of 50000', 'function', 'model-alone'),
  compare(
    'rows/s, 50 000 rows: `server.ts` ÷ ONNX Runtime alone',
    'rows/s of 50000',
    'server',
    'model-alone',
    { least: 0.55 },
    manyRows,
  ),
  compare('cold start: function ÷ bare functions-framework', 'cold start', 'function', 'bare-framework', { most: 0.7 }),
  compare(
    'cold start: function ÷ bare functions-framework as `index.cjs`',
    'cold start',
    'function',
    'bare-framework-cjs',
    { most: 0.85 },
  ),
  compare('cold start: `server.ts` ÷ bare `node:http` + ONNX Runtime', 'cold start', 'server', 'bare-ort', {
    most: 1.15,
  }),
  compare(
    'CPU beyond the model’s run, 1 000 rows: JSON instances ÷ binary tensors',
    'cpu beyond the run',
    'json-instances',
    'bytes',
    { least: 4 },
  ),
  compare('cold start: function ÷ FastAPI + scikit-learn', 'cold start', 'function', 'fastapi-sklearn'),
  compare(
    'requests/s, 16 connections: `server.ts` with ÷ without a log line per request',
    'requests/s logged',
    'logs all',
    'logs none',
    { least: 0.9 },
  ),
  growth('function', 'function'),
  growth('`server.ts`', 'server'),
  growth('echo', 'echo'),
];

export function sayWanted({ least, most } = {}) {
  if (least !== undefined) return `at least ${least}`;
  return most === undefined ? '' : `at most ${most}`;
}
