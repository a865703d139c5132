/** Stops a build whose model lacks a file that its card names: the endpoint would start, and answer nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName, readCard } from '../../model/card/card';
import { candidateDirectory } from '../../serving/candidate';

export function requireFiles(): void {
  const { modelDirectory } = readConfig();
  for (const directory of [modelDirectory, join(modelDirectory, candidateDirectory)]) {
    if (!existsSync(join(directory, cardFileName))) continue;
    const missing = listFiles(readCard(directory).card).find((name) => !existsSync(join(directory, name)));
    if (missing !== undefined)
      throw new Error(`${join(directory, missing)} is missing: expected it beside ${cardFileName}.`);
  }
}

function listFiles({ weights, features }: Card): readonly string[] {
  const tokenizers = features.flatMap(({ tokenizer }) => (tokenizer === undefined ? [] : [tokenizer.file]));
  return [weights.file, ...(weights.files ?? []).map(({ file }) => file), ...tokenizers, samplesFileName];
}
