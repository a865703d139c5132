/** Copies of a model that takes texts, with other cards. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from '../copy-files';
import { projectDirectory } from '../processes';

export const fixtures = join(projectDirectory, 'test/fixtures/models');
const work = mkdtempSync(join(tmpdir(), 'texts-'));
afterAll(() => rmSync(work, { recursive: true }));

interface Sample {
  readonly instance: readonly [string];
  readonly prediction: { readonly label: string; readonly probabilities: Readonly<Record<string, number>> };
}

const samplesOf = (model: string) =>
  (JSON.parse(readFileSync(join(fixtures, model, 'samples.json'), 'utf8')) as { samples: readonly Sample[] }).samples;
export const reviews = samplesOf('reviews');

/** A copy of the directory whose card has other members of the tokenizer, or of what `change` makes of it. */
export function make(name: string, tokenizer: object, change: (card: Card) => object = (card) => card): string {
  const directory = join(work, name);
  copyFiles(join(fixtures, 'reviews'), directory);
  const card = JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')) as Card;
  const [feature] = card.features;
  const features = [{ ...feature, tokenizer: { ...feature.tokenizer, ...tokenizer } }] as const;
  writeFileSync(join(directory, 'card.json'), JSON.stringify(change({ ...card, features })));
  return directory;
}

export interface Card {
  readonly inputs: readonly object[];
  readonly features: readonly [{ readonly tokenizer: object }];
}
