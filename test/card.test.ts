/** The card of the model that a deploy serves tells the truth about the weights, and about what trained and what serves them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { readCard } from '../src/model/card/card';
import { deployedDirectory, describeWhileDeployed, modelDirectory } from './model-files';
import { projectDirectory } from './processes';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

const { card } = readCard(deployedDirectory);
const schema = readJson<object>(join(deployedDirectory, 'card.schema.json'));

test('the card matches its schema', () => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const isValid = ajv.validate(schema, card);
  expect(ajv.errors).toBeNull();
  expect(isValid).toBe(true);
});

test('the schema refuses a card without a signature', () => {
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validate(schema, { ...card, inputs: undefined })).toBe(false);
});

test('the weights have the length and the sha256 of the card', () => {
  const weights = readFileSync(join(deployedDirectory, card.weights.file));
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect({ sha256, bytes: weights.length }).toEqual({ sha256: card.weights.sha256, bytes: card.weights.bytes });
});

test('the model was checked with the ONNX Runtime that serves it, if its card says with which', () => {
  const { packages } = readJson<Lock>(join(projectDirectory, 'package-lock.json'));
  const { version } = packages['node_modules/onnxruntime-node'] ?? {};
  expect([version, undefined]).toContain(card.training?.environment.onnxruntime);
});

describeWhileDeployed('the training of this model', () => {
  test('has every package pinned to the version that the card names, and the reverse', () => {
    const { python, ...packages } = card.training?.environment ?? {};
    expect(python).toMatch(/^3\.\d+\.\d+$/);
    expect(packages).toEqual(readPins());
  });

  test.each(['model.onnx', 'samples.json'])('wrote the %s that the tests serve, too', (name) => {
    const [deployed, served] = [deployedDirectory, modelDirectory].map((from) => readFileSync(join(from, name)));
    expect(deployed?.equals(served ?? Buffer.alloc(0))).toBe(true);
  });
});

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8')) as Content;
}

function readPins(): Readonly<Record<string, string>> {
  const path = join(deployedDirectory, 'training', 'requirements.txt');
  const pins = readFileSync(path, 'utf8').matchAll(/^([\w.-]+)==([\w.+-]+)/gm);
  return Object.fromEntries([...pins].map(([, name = '', version = '']) => [name, version]));
}
