/** Checks what the cards of the model and its candidate name beside themselves, and keeps a copy of small weights for the start. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConfig } from '../../config';
import { cardFileName, readCard } from '../../model/card/card';
import { openTokenizer } from '../../model/tokens/tokenizer';
import { toCopyPath } from '../../model/weights/checked-copy';
import { readWeights } from '../../model/weights/weights';
import { candidateDirectory } from '../../serving/candidate';

/** Returns the paths of the copies. */
export async function checkWeights(): Promise<string[]> {
  const { modelDirectory } = readConfig();
  const directories = [modelDirectory, join(modelDirectory, candidateDirectory)];
  const copies = directories.filter((directory) => existsSync(join(directory, cardFileName))).map(copyWeights);
  return (await Promise.all(copies)).flat();
}

async function copyWeights(directory: string): Promise<string[]> {
  const { card } = readCard(directory);
  for (const { tokenizer } of card.features) if (tokenizer !== undefined) openTokenizer(directory, tokenizer);
  const { source } = await readWeights(directory, card);
  if (typeof source === 'string') return [];
  const copy = toCopyPath(card.weights.sha256);
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, source);
  return [copy];
}
