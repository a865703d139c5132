/** A model that answers logarithms: of 0 and of negative numbers there are none. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toModel, toNode, toTensorValue } from './onnx-file';

export interface Logarithm {
  readonly directory: string;
  remove(): void;
}

const labels = ['left', 'right'];

/** What the card makes of the two logarithms of a row. */
const tasks = {
  scores: { task: 'classification', labels, output: { role: 'scores' } },
  probabilities: { task: 'classification', labels, output: { role: 'probabilities' } },
  embedding: { task: 'embedding', output: { role: 'embedding' } },
  value: { task: 'regression', output: { role: 'value' } },
} as const;

/** Writes the weights, their card and golden samples, of which one has no number. */
export function writeLogarithm(role: keyof typeof tasks, prediction: (logarithms: readonly number[]) => unknown) {
  const { output, ...task } = tasks[role];
  const width = role === 'value' ? 1 : labels.length;
  const directory = mkdtempSync(join(tmpdir(), 'logarithm-'));
  const weights = Buffer.concat(
    toModel([
      toNode('Log', ['X'], 'Y'),
      toTensorValue(11, 'X', ['rows', width]),
      toTensorValue(12, 'Y', ['rows', width]),
    ]),
  );
  const card = {
    name: 'logarithm',
    version: '1',
    title: 'Logarithm',
    description: 'Answers logarithms.',
    intendedUse: 'Tests.',
    limits: [],
    ...task,
    weights: {
      file: 'model.onnx',
      sha256: createHash('sha256').update(weights).digest('hex'),
      bytes: weights.length,
    },
    inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, width] }],
    outputs: [{ name: 'Y', datatype: 'FP32', shape: [-1, width], ...output }],
    features: Array.from({ length: width }, (_, column) => ({
      name: `x${column}`,
      description: 'A number.',
      input: 'X',
      column,
    })),
    data: {
      name: 'None',
      source: 'none',
      rows: 1,
      trainingRows: 1,
      sha256: '0'.repeat(64),
      canonicalForm: 'none',
      background: [new Array<number>(width).fill(1)],
    },
  };
  const rows = [1, 0, -1].map((first) => [first, 2].slice(0, width));
  const samples = rows.map((instance) => ({ instance, prediction: prediction(instance.map(Math.log)) }));
  writeFileSync(join(directory, 'model.onnx'), weights);
  writeFileSync(join(directory, 'card.json'), JSON.stringify(card));
  // JSON.stringify writes what is no number as null, as the endpoint does.
  writeFileSync(join(directory, 'samples.json'), JSON.stringify({ samples }));
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}
