/** The requests that are sent, and what a right answer to them looks like. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './contenders.mjs';
import { instancesDialect } from './dialects.mjs';

/** As the hosts take it. */
export const modelDirectory = resolve(process.env.MODEL_DIR ?? join(root, 'model'));
const { samples } = JSON.parse(readFileSync(join(modelDirectory, 'samples.json'), 'utf8'));

/** Shares are float32 in some contenders and float64 in others. */
const tolerance = 1e-4;

export const { path } = instancesDialect;
export const headers = { 'content-type': 'application/json' };

/** A body of so many rows: the samples of the model, over and over. */
export function bodyOf(rows, { write } = instancesDialect) {
  return Buffer.from(JSON.stringify(write(Array.from({ length: rows }, (_, row) => sampleOf(row).instance))));
}

/** The same rows as the contender wants to be asked for them. */
export function requestOf({ dialect = instancesDialect }, rows) {
  return { path: dialect.path, body: bodyOf(rows, dialect) };
}

/** Throws unless the answer holds the prediction that the trainer computed for each row; an echo owes its request. */
export function requireRightAnswer(contender, rows, answer) {
  const { id, isEcho, dialect = instancesDialect } = contender;
  if (isEcho) {
    if (answer.equals(requestOf(contender, rows).body)) return;
    throw new Error(`${id} did not echo: ${answer.subarray(0, 300)}`);
  }
  const predictions = dialect.read(JSON.parse(answer.toString()));
  const isRight = predictions?.length === rows && predictions.every(isAsTrained);
  if (!isRight) throw new Error(`${id} answered wrongly: ${answer.subarray(0, 300)}`);
}

function isAsTrained({ label, probabilities }, row) {
  const expected = sampleOf(row).prediction;
  const isClose = ([name, share]) => Math.abs(probabilities[name] - share) < tolerance;
  return label === expected.label && Object.entries(expected.probabilities).every(isClose);
}

const sampleOf = (row) => samples[row % samples.length];

/** @returns {number[]} the values of a sample, in feature order */
export const instanceOf = (row) => Object.values(sampleOf(row).instance);
