/** Who is compared: both hosts as deployed, what the project began as with and without scikit-learn, and model servers. */
import { nodeContenders, pythonContenders } from '../bench/contenders.mjs';
import { frameworkContenders, frameworkIds } from '../bench/frameworks.mjs';

/** In the order of the document's columns. */
export const titles = {
  function: 'function',
  server: 'service',
  'fastapi-sklearn': 'FastAPI + scikit-learn',
  'fastapi-onnx-typed': 'FastAPI + ONNX Runtime',
  litserve: 'LitServe + ONNX Runtime',
  bentoml: 'BentoML + ONNX Runtime',
  mlserver: 'MLServer + scikit-learn',
  mlflow: 'MLflow + scikit-learn',
};

/** As `npm run deploy -- function` and `npm run deploy -- service` set them. */
const deployed = { MODEL_LOADING: 'eager' };

export const isModelServer = ({ id }) => frameworkIds.includes(id);

/**
 * @param {import('../bench/framework-environments.mjs').Installed[]} frameworks
 * @returns {import('../bench/contenders.mjs').Contender[]}
 */
export function createCompared(directory, python, frameworks) {
  const ours = nodeContenders
    .filter(({ id }) => id in titles)
    .map((host) => ({ ...host, directory, env: { ...host.env, ...deployed } }));
  const peers = python.missing ? [] : [...pythonContenders(python), ...frameworkContenders(frameworks, python)];
  return Object.keys(titles).flatMap((id) => [...ours, ...peers].filter((contender) => contender.id === id));
}
