/** Opens the candidate next to the champion, checks that it is compatible, and gives it its share of traffic. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CandidateTraffic } from '../candidate-traffic';
import { type Card, cardFileName } from '../model/card/card';
import { createModel, type Model, type ModelOptions } from '../model/model';
import { findDifference } from './interchangeable';
import type { Serving } from './serving';
import { createShadow } from './shadow';

/** Relative to the champion's directory. */
export const candidateDirectory = 'candidate';

export function serveBeside(
  champion: Model,
  traffic: Exclude<CandidateTraffic, 'off'>,
  options: ModelOptions,
): Serving {
  const directory = join(options.modelDirectory, candidateDirectory);
  if (!existsSync(join(directory, cardFileName)))
    throw new Error(`CANDIDATE_TRAFFIC is ${JSON.stringify(traffic)}, but ${directory} has no ${cardFileName}.`);
  const candidate = createModel({ ...options, modelDirectory: directory });
  checkInterchangeable(champion.card, candidate.card);
  if (traffic === 'shadow') checkSameTensors(champion.card, candidate.card);
  // No request waits for a candidate; if it fails to load, that is logged and no request fails.
  champion.observe({ loaded: () => void candidate.load().catch(() => undefined) });
  const share = traffic === 'shadow' ? 0 : traffic / 100;
  return {
    champion,
    models: [champion, candidate],
    shadow: traffic === 'shadow' ? createShadow(champion, candidate) : undefined,
    each(create) {
      const [first, second] = [create(champion), create(candidate)];
      return () => (Math.random() < share && candidate.isLoaded() ? second : first);
    },
    release: async () => void (await Promise.all([champion.release(), candidate.release()])),
  };
}

function checkInterchangeable(champion: Card, candidate: Card): void {
  const difference = findDifference(champion, candidate);
  if (difference === undefined) return;
  throw new Error(`The candidate ${candidate.version} cannot replace ${champion.version}: ${difference}.`);
}

/** What makes tensors of what callers send, each in its own way. */
const makers: readonly (readonly [what: string, read: (card: Card) => unknown])[] = [
  ['hooks', ({ hooks }) => hooks?.sha256],
  ['tokenizers', ({ features }) => features.map(({ tokenizer }) => tokenizer)],
  ['paddings', ({ features }) => features.map(({ pad }) => pad)],
];

/** A shadow repeats the champion's tensors: it would not see what other hooks and tokenizers make. */
function checkSameTensors(champion: Card, candidate: Card): void {
  const other = makers.find(([, read]) => JSON.stringify(read(champion)) !== JSON.stringify(read(candidate)));
  if (other === undefined) return;
  throw new Error(
    `CANDIDATE_TRAFFIC is "shadow", and the candidate has other ${other[0]}: a shadow gets the tensors that those of the model make. ` +
      'Give the candidate a percentage of the traffic.',
  );
}
