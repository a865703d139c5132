/** Replaces the files of a model by those of another directory, the card last. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName, readCard } from '../../model/card/card';
import { cardSchemaFileName } from '../../model/card/card-schema';

const draftPrefix = '.arriving-';

/**
 * Moves what the candidate consists of to the model, and removes what only the old card named.
 *
 * All is copied before anything is replaced: where there is no room, nothing has changed. Ended in between, it can be called again:
 * until the card is replaced, which is one step of the file system, the candidate is whole; after that, the model is.
 */
export function replaceModel(modelDirectory: string, candidateDirectory: string): void {
  const old = filesOf(readCard(modelDirectory).card);
  const own = filesOf(readCard(candidateDirectory).card).filter((name) => existsSync(join(candidateDirectory, name)));
  const arriving = [...own, cardFileName];
  // Of this process alone: another may do the same.
  const drafts = mkdtempSync(join(candidateDirectory, draftPrefix));
  try {
    for (const name of arriving) copyFileSync(join(candidateDirectory, name), join(drafts, name));
    for (const name of arriving) renameSync(join(drafts, name), join(modelDirectory, name));
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
  for (const name of old) if (!own.includes(name)) rmSync(join(modelDirectory, name), { force: true });
  removeCandidate(candidateDirectory, own);
}

/** The card first: without it there is no candidate. What else somebody put there stays. */
function removeCandidate(directory: string, own: readonly string[]): void {
  const drafts = readdirSync(directory).filter((name) => name.startsWith(draftPrefix));
  for (const name of [cardFileName, cardSchemaFileName, ...own, ...drafts])
    rmSync(join(directory, name), { recursive: true, force: true });
  if (readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
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
