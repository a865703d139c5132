/** The Python frameworks that are made to serve models, each as its guide starts it, with one worker. */

import { join } from 'node:path';
import { root } from './contenders.mjs';

const peers = join(root, 'docs/bench/peers');

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 * @typedef {Omit<Contender, 'command' | 'env'> & { command: (environment: { python: string, bin: string }) => string[] }} Framework
 *   `id` is the folder with its pins below `peers/`
 */

/** @type {Framework[]} */
const frameworks = [
  {
    id: 'litserve',
    title: 'LitServe + ONNX Runtime',
    command: ({ python }) => [python, `${peers}/litserve/server.py`],
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
