/** The protocols that contenders speak: where a prediction is asked for, how it is written, how its answer is read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './contenders.mjs';

const { labels } = JSON.parse(readFileSync(join(root, 'model/card.json'), 'utf8'));

/**
 * @typedef {object} Dialect
 * @property {string} path
 * @property {(instances: number[][]) => object} write
 * @property {(answer: object) => { label: string, probabilities: Record<string, number> }[]} read
 */

/** @type {Dialect} what a contender speaks unless it names another */
export const instancesDialect = {
  path: '/predict',
  write: (instances) => ({ instances }),
  read: ({ predictions }) => predictions,
};

/** @type {Dialect} KServe V2; a scikit-learn runtime answers with the tensor of shares when asked for it */
export const tensorsDialect = {
  path: '/v2/models/iris/infer',
  write: (instances) => ({
    inputs: [{ name: 'X', datatype: 'FP32', shape: [instances.length, instances[0].length], data: instances.flat() }],
    outputs: [{ name: 'predict_proba' }],
  }),
  read: ({ outputs: [{ data }] }) =>
    Array.from({ length: data.length / labels.length }, (_, row) =>
      toPrediction(data.slice(row * labels.length, (row + 1) * labels.length)),
    ),
};

/** @type {Dialect} MLflow's, whose model is saved to answer shares */
export const invocationsDialect = {
  path: '/invocations',
  write: (instances) => ({ inputs: instances }),
  read: ({ predictions }) => predictions.map(toPrediction),
};

function toPrediction(shares) {
  return {
    label: labels[shares.indexOf(Math.max(...shares))],
    probabilities: Object.fromEntries(labels.map((label, column) => [label, shares[column]])),
  };
}
