/** The model that tests of the package serve, whatever `model/` holds: they name no feature or label themselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const modelDirectory = join(__dirname, 'fixtures/models/iris');
/** What a deploy serves: Iris, until somebody replaces it. */
export const deployedDirectory = join(__dirname, '../model');

export interface Prediction {
  readonly label: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

export interface Sample {
  readonly instance: readonly number[];
  readonly prediction: Prediction;
}

interface Tensor {
  readonly name: string;
}

export interface Feature {
  readonly name: string;
  readonly input: string;
  readonly training: { readonly minimum: number; readonly maximum: number };
}

export interface Card {
  readonly $schema: string;
  readonly name: string;
  readonly version: string;
  readonly weights: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly inputs: readonly Tensor[];
  readonly features: readonly Feature[];
  readonly labels: readonly string[];
  readonly training: { readonly environment: Readonly<Record<string, string>> };
}

export const cardBytes = readFileSync(join(modelDirectory, 'card.json'));
export const card = readJson<Card>('card.json');
export const { samples } = readJson<{ readonly samples: readonly Sample[] }>('samples.json');
export const featureNames = card.features.map(({ name }) => name);
export const modelPath = `/v1/models/${encodeURIComponent(card.name)}`;

/** A row that the model knows well. */
export const goodInstance: readonly number[] = samples[0]?.instance ?? [];

/** `describe` of what holds for Iris alone; its tests are skipped, and the title says why, when `model/` has another model. */
export const describeWhileDeployed = (title: string, suite: () => void) =>
  cardBytes.equals(readFileSync(join(deployedDirectory, 'card.json')))
    ? describe(title, suite)
    : describe.skip(`${title} (skipped: model/ holds another model than ${card.name})`, suite);

export function readJson<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(modelDirectory, name), 'utf8')) as Content;
}

/** The same instance keyed by feature name. */
export function toObjectForm(instance: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(featureNames.map((name, i) => [name, instance[i]]));
}

/** Whether a served prediction is the expected one: same label, same keys, probabilities within 1e-6. */
export function isCloseTo(actual: Prediction | undefined, { label, probabilities }: Prediction): boolean {
  if (actual?.label !== label) return false;
  const keys = Object.keys(probabilities);
  if (Object.keys(actual.probabilities).join() !== keys.join()) return false;
  return keys.every((key) => Math.abs((actual.probabilities[key] ?? NaN) - (probabilities[key] ?? NaN)) <= 1e-6);
}
