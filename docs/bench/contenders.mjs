/** Who is measured: our two hosts and what people would otherwise deploy. */
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const peers = fileURLToPath(new URL('peers', import.meta.url));

const functionsFramework = [process.execPath, 'node_modules/.bin/functions-framework', '--target=predict'];
// As the deploy recipe sets them. Without the limit V8's young generation grows to 16 MB a half under load and stays there.
const nodeEnvironment = {
  NODE_ENV: 'production',
  LOG_EXECUTION_ID: 'false',
  NODE_OPTIONS: '--max-semi-space-size=4',
};

/**
 * @typedef {object} Contender
 * @property {string} id name in the measurements
 * @property {string} title name in the tables
 * @property {string[]} command program and arguments, started with PORT set
 * @property {string} [directory] where it is started; the checkout unless told
 * @property {Record<string, string>} env
 * @property {import('./dialects.mjs').Dialect} [dialect] how it is asked and answers; instances at /predict unless told
 * @property {boolean} [isEcho] sends back what it got, predicts nothing
 */

/** @type {Contender[]} */
export const nodeContenders = [
  {
    id: 'function',
    title: '**this function** on functions-framework',
    command: functionsFramework,
    env: nodeEnvironment,
  },
  {
    id: 'server',
    title: '**this function** on its own host (`server.ts`)',
    command: [process.execPath, 'dist/server.js'],
    env: nodeEnvironment,
  },
  {
    id: 'echo',
    title: 'bare `node:http` echo, no model',
    command: [process.execPath, `${peers}/echo.cjs`],
    env: nodeEnvironment,
    isEcho: true,
  },
  {
    id: 'bare-ort',
    title: 'bare `node:http` + ONNX Runtime',
    command: [process.execPath, `${peers}/bare-ort.cjs`],
    env: nodeEnvironment,
  },
  {
    id: 'bare-framework',
    title: 'bare functions-framework handler + ONNX Runtime',
    command: [...functionsFramework, `--source=${peers}/bare-framework`],
    env: nodeEnvironment,
  },
  {
    id: 'bare-framework-cjs',
    title: 'the same as `index.cjs`',
    command: [...functionsFramework, `--source=${peers}/bare-framework/index.cjs`],
    env: nodeEnvironment,
  },
];

/** @param {{ python: string, forest: string }} environment what python.mjs has set up  @returns {Contender[]} */
export function pythonContenders({ python, forest }) {
  // Bytecode of the peers stays out of the checkout; that of their packages was made at set-up.
  const env = { FOREST: forest, PYTHONDONTWRITEBYTECODE: '1' };
  const script = 'exec "$0" -m uvicorn --app-dir "$1" --port "$PORT" "$2"';
  const uvicorn = (app) => ['/bin/sh', '-c', script, python, peers, app];
  return [
    { id: 'fastapi-onnx', title: 'FastAPI + ONNX Runtime, uvicorn', command: uvicorn('fastapi_onnx:app'), env },
    {
      id: 'fastapi-onnx-typed',
      title: 'FastAPI + ONNX Runtime, declared return type',
      command: uvicorn('fastapi_onnx_typed:app'),
      env,
    },
    { id: 'fastapi-sklearn', title: 'FastAPI + scikit-learn, uvicorn', command: uvicorn('fastapi_sklearn:app'), env },
  ];
}
