/** The Python frameworks that are made to serve models, each as its guide starts it, with one worker. */

import { join } from 'node:path';
import { root } from './contenders.mjs';
import { tensorsDialect } from './dialects.mjs';

const peers = join(root, 'docs/bench/peers');

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 * @typedef {Omit<Contender, 'command' | 'env'> & { command: (environment: { python: string, bin: string }) => string[] }} Framework
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
];

export const frameworkIds = frameworks.map(({ id }) => id);

/** @param {import('./framework-environments.mjs').Installed[]} installed  @returns {Contender[]} */
export function frameworkContenders(installed, { forest }) {
  return frameworks.flatMap(({ command, ...framework }) =>
    installed
      .filter(({ id }) => id === framework.id)
      .map((environment) => ({
        ...framework,
        command: command(environment),
        env: { FOREST: forest, PYTHONDONTWRITEBYTECODE: '1' },
      })),
  );
}
