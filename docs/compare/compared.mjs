/** Who is compared: both hosts as deployed, and what the project began as, with and without scikit-learn. */
import { join } from 'node:path';
import { nodeContenders, pythonContenders } from '../bench/contenders.mjs';

/** In the order of the document's columns. */
export const titles = {
  function: 'function',
  server: 'service',
  'fastapi-sklearn': 'FastAPI + scikit-learn',
  'fastapi-onnx-typed': 'FastAPI + ONNX Runtime',
};

/** As `npm run deploy -- function` and `npm run deploy -- service` set them. */
const deployed = {
  function: (directory) => ({ MODEL_LOADING: 'eager', NODE_COMPILE_CACHE: join(directory, 'dist/compile-cache') }),
  server: () => ({ MODEL_LOADING: 'eager' }),
};

/** @returns {import('../bench/contenders.mjs').Contender[]} */
export function createCompared(directory, python) {
  const ours = nodeContenders
    .filter(({ id }) => id in deployed)
    .map((host) => ({ ...host, directory, env: { ...host.env, ...deployed[host.id](directory) } }));
  const peers = python.missing ? [] : pythonContenders(python);
  return Object.keys(titles).flatMap((id) => [...ours, ...peers].filter((contender) => contender.id === id));
}
