/** Finds the hooks of the model and its candidate, checked against their cards, and where each is built to. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { cardFileName, readCard } from '../../model/card/card';
import { readHooksSource, toBuiltHooks } from '../../model/hooks/load-hooks';
import { candidateDirectory } from '../../serving/candidate';

export interface HooksFile {
  readonly source: string;
  readonly built: string;
}

/** Throws when a source does not match its card. */
export function findHooks(): readonly HooksFile[] {
  const { modelDirectory } = readConfig();
  return [modelDirectory, join(modelDirectory, candidateDirectory)].flatMap((directory) => {
    if (!existsSync(join(directory, cardFileName))) return [];
    const { hooks } = readCard(directory).card;
    if (hooks === undefined) return [];
    readHooksSource(directory, hooks);
    return [{ source: join(directory, hooks.file), built: toBuiltHooks(hooks.sha256) }];
  });
}
