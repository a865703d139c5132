/** Stops a build whose model lacks a file that its card names: the endpoint would start, and answer nothing. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName, readCard } from '../../model/card/card';
import { candidateDirectory } from '../../serving/candidate';

export function requireFiles(): void {
  const { modelDirectory } = readConfig();
  for (const directory of [modelDirectory, join(modelDirectory, candidateDirectory)]) {
    if (!existsSync(join(directory, cardFileName))) continue;
    for (const name of listFiles(readCard(directory).card)) {
      const path = join(directory, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) throw new Error(`${path} is missing: expected it beside ${cardFileName}.`);
      if (found.isDirectory()) throw new Error(`${path} is a directory: expected a file.`);
    }
  }
}

function listFiles({ weights, features }: Card): readonly string[] {
  const tokenizers = features.flatMap(({ tokenizer }) => (tokenizer === undefined ? [] : [tokenizer.file]));
  return [weights.file, ...(weights.files ?? []).map(({ file }) => file), ...tokenizers, samplesFileName];
}
