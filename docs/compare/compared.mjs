/** Who is compared: both hosts as deployed, and what the project began as, with and without scikit-learn. */
import { nodeContenders, pythonContenders } from '../bench/contenders.mjs';

/** In the order of the document's columns. */
export const titles = {
  function: 'function',
  server: 'service',
  'fastapi-sklearn': 'FastAPI + scikit-learn',
  'fastapi-onnx-typed': 'FastAPI + ONNX Runtime',
};

/** As `npm run deploy -- function` and `npm run deploy -- service` set them. */
const deployed = { MODEL_LOADING: 'eager' };

/** @returns {import('../bench/contenders.mjs').Contender[]} */
export function createCompared(directory, python) {
  const ours = nodeContenders
    .filter(({ id }) => id in titles)
    .map((host) => ({ ...host, directory, env: { ...host.env, ...deployed } }));
  const peers = python.missing ? [] : pythonContenders(python);
  return Object.keys(titles).flatMap((id) => [...ours, ...peers].filter((contender) => contender.id === id));
}
