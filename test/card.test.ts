/** The model card tells the truth about the weights, and about what trained and what serves them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { card, modelDirectory, readJson } from './model-files';
import { projectDirectory } from './processes';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

test('the card names its schema and matches it', () => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const isValid = ajv.validate(readJson<object>(card.$schema), card);
  expect(ajv.errors).toBeNull();
  expect(isValid).toBe(true);
});

test('the schema refuses a card without a signature', () => {
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validate(readJson<object>(card.$schema), { ...card, inputs: undefined })).toBe(false);
});

test('the weights have the length and the sha256 of the card', () => {
  const weights = readFileSync(join(modelDirectory, card.weights.file));
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect({ sha256, bytes: weights.length }).toEqual({ sha256: card.weights.sha256, bytes: card.weights.bytes });
});

test('every package of the card’s training environment is pinned to the same version, and the reverse', () => {
  const { python, ...packages } = card.training.environment;
  expect(python).toMatch(/^3\.\d+\.\d+$/);
  expect(packages).toEqual(readPins());
});

test('the model was checked with the ONNX Runtime that serves it', () => {
  const path = join(projectDirectory, 'package-lock.json');
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as Lock;
  expect(packages['node_modules/onnxruntime-node']?.version).toBe(card.training.environment.onnxruntime);
});

function readPins(): Readonly<Record<string, string>> {
  const path = join(modelDirectory, 'training', 'requirements.txt');
  const pins = readFileSync(path, 'utf8').matchAll(/^([\w.-]+)==([\w.+-]+)/gm);
  return Object.fromEntries([...pins].map(([, name = '', version = '']) => [name, version]));
}
