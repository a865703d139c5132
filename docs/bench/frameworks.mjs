/** The Python frameworks that are made to serve models, each as its guide starts it, with one worker. */

import { join } from 'node:path';
import { root } from './contenders.mjs';
import { invocationsDialect, tensorsDialect } from './dialects.mjs';

const peers = join(root, 'docs/bench/peers');

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 * @typedef {Omit<Contender, 'command' | 'env'> & { command: (environment: import('./framework-environments.mjs').Installed) => string[] }} Framework
 *   `id` is the folder with its pins below `peers/`
 */

const shell = (script, ...words) => ['/bin/sh', '-c', script, ...words];

/** @type {Framework[]} */
const frameworks = [
  {
    id: 'litserve',
    title: 'LitServe + ONNX Runtime',
    command: ({ python }) => [python, `${peers}/litserve/server.py`],
  },
  {
    id: 'mlserver',
    title: 'MLServer + scikit-learn',
    // Its one process answers itself: a pool of one worker would only add the way to it.
    command: ({ bin }) =>
      shell(
        'MLSERVER_HTTP_PORT="$PORT" MLSERVER_MODEL_URI="$FOREST" exec "$0" start "$1"',
        `${bin}/mlserver`,
        `${peers}/mlserver`,
      ),
    dialect: tensorsDialect,
  },
  {
    id: 'bentoml',
    title: 'BentoML + ONNX Runtime',
    command: ({ bin, home }) =>
      shell(
        'BENTOML_HOME="$2" exec "$0" serve --working-dir "$1" --host 127.0.0.1 --port "$PORT" service:Iris',
        `${bin}/bentoml`,
        `${peers}/bentoml`,
        home,
      ),
  },
  {
    id: 'mlflow',
    title: 'MLflow + scikit-learn',
    // It looks for uvicorn on the path.
    command: ({ bin, home }) =>
      shell(
        'PATH="$0:$PATH" exec "$0/mlflow" models serve --model-uri "$1" --env-manager local --host 127.0.0.1 --port "$PORT" --workers 1',
        bin,
        `${home}/model`,
      ),
    dialect: invocationsDialect,
  },
];

export const frameworkIds = frameworks.map(({ id }) => id);

// A bench is no use to report to anybody.
export const frameworkEnvironment = {
  PYTHONDONTWRITEBYTECODE: '1',
  BENTOML_DO_NOT_TRACK: 'True',
  MLFLOW_DISABLE_TELEMETRY: 'true',
};

/** @param {import('./framework-environments.mjs').Installed[]} installed  @returns {Contender[]} */
export function frameworkContenders(installed, { forest }) {
  return frameworks.flatMap(({ command, ...framework }) =>
    installed
      .filter(({ id }) => id === framework.id)
      .map((environment) => ({
        ...framework,
        command: command(environment),
        env: { ...frameworkEnvironment, FOREST: forest },
      })),
  );
}
