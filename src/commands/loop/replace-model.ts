/** Replaces the files of a model by those of another directory, the card last. */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName, readCard } from '../../model/card/card';
import { cardSchemaFileName } from '../../model/card/card-schema';

/**
 * Moves what the candidate consists of to the model, and removes what only the old card named.
 *
 * Ended in between, it can be called again: until the card is replaced, which is one step of the file system, the candidate is whole.
 */
export function replaceModel(modelDirectory: string, candidateDirectory: string): void {
  const old = filesOf(readCard(modelDirectory).card);
  const own = filesOf(readCard(candidateDirectory).card).filter((name) => existsSync(join(candidateDirectory, name)));
  for (const name of [...own, cardFileName]) {
    const arriving = join(modelDirectory, `${name}.arriving`);
    copyFileSync(join(candidateDirectory, name), arriving);
    renameSync(arriving, join(modelDirectory, name));
  }
  for (const name of old) if (!own.includes(name)) rmSync(join(modelDirectory, name), { force: true });
  for (const name of [...own, cardFileName, cardSchemaFileName])
    rmSync(join(candidateDirectory, name), { force: true });
  // What else somebody put there stays.
  if (readdirSync(candidateDirectory).length === 0) rmSync(candidateDirectory, { recursive: true });
}

/** Names of the files that belong to the card, beside it. */
function filesOf({ weights, features, hooks }: Card): readonly string[] {
  return [
    weights.file,
    ...(weights.files ?? []).map(({ file }) => file),
    ...features.flatMap(({ tokenizer }) => (tokenizer === undefined ? [] : [tokenizer.file])),
    ...(hooks === undefined ? [] : [hooks.file]),
    samplesFileName,
  ];
}
