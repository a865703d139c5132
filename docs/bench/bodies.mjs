/** The requests that are sent, and what a right answer to them looks like. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './contenders.mjs';

const { samples } = JSON.parse(readFileSync(join(root, 'model/samples.json'), 'utf8'));

/** Shares are float32 in some contenders and float64 in others. */
const tolerance = 1e-4;

export const path = '/predict';
export const headers = { 'content-type': 'application/json' };

/** A body of so many rows: the samples of the model, over and over. */
export function bodyOf(rows) {
  const instances = Array.from({ length: rows }, (_, row) => samples[row % samples.length].instance);
  return Buffer.from(JSON.stringify({ instances }));
}

/** Throws unless the answer holds the prediction that the trainer computed for each row; an echo owes its request. */
export function requireRightAnswer(contender, request, answer) {
  if (contender.isEcho) {
    if (answer.equals(request)) return;
    throw new Error(`${contender.id} did not echo: ${answer.subarray(0, 300)}`);
  }
  const rows = JSON.parse(request.toString()).instances.length;
  const { predictions } = JSON.parse(answer.toString());
  const isRight = predictions?.length === rows && predictions.every(isAsTrained);
  if (!isRight) throw new Error(`${contender.id} answered wrongly: ${answer.subarray(0, 300)}`);
}

function isAsTrained({ label, probabilities }, row) {
  const expected = samples[row % samples.length].prediction;
  const isClose = ([name, share]) => Math.abs(probabilities[name] - share) < tolerance;
  return label === expected.label && Object.entries(expected.probabilities).every(isClose);
}
