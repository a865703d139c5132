/** A champion and its candidate: two models of the fixtures in one directory, as versions 1 and 2 of one model. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyFiles } from '../copy-files';
import type { Host } from '../hosts';
import { copyModel, type ModelCopy } from '../model-copy';
import { projectDirectory } from '../processes';
import { untilSample } from '../scrape';

type CardJson = Readonly<Record<string, unknown>>;

const fixtures = join(projectDirectory, 'test/fixtures/models');

/** The champion's name stands in both cards; `change` is what else the card of the candidate says. */
export function copyPair(
  champion: string,
  candidate: string,
  change: (card: CardJson) => CardJson = (card) => card,
): ModelCopy {
  const copy = copyModel(join(fixtures, champion));
  const below = join(copy.directory, 'candidate');
  copyFiles(join(fixtures, candidate), below);
  const path = join(below, 'card.json');
  const card = JSON.parse(readFileSync(path, 'utf8')) as CardJson;
  writeFileSync(path, JSON.stringify(change({ ...card, name: champion, version: '2' })));
  return copy;
}

/** Waits until a sample of the metrics is what it should be. */
export async function until(
  host: Host,
  value: number,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  await untilSample(host, (sample) => sample === value, name, labels);
}

/** Has the champion loaded, and the candidate after it. */
export async function untilBothLoaded(host: Host): Promise<void> {
  await host.request('GET', '/v2/health/ready');
  await until(host, 1, 'predict_model_ready', { version: '2' });
}
