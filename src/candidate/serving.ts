/** The models that serve: the champion, and beside it a candidate that shadows it or takes a share of its requests. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Handler } from '../http/message';
import { type Card, cardFileName } from '../model/card';
import { createModel, type Model, type ModelOptions } from '../model/model';
import { findDifference } from './interchangeable';
import { createShadow, type Shadow } from './shadow';

/** What a candidate gets: nothing, a copy of every row, or so many percent of the requests that name no version. */
export type CandidateTraffic = 'off' | 'shadow' | number;

export interface ServingOptions extends ModelOptions {
  readonly candidateTraffic: CandidateTraffic;
}

export interface Serving {
  readonly champion: Model;
  readonly candidate: Model | undefined;
  /** Compares the two where the candidate only shadows. */
  readonly shadow: Shadow | undefined;
  /** Both, the champion first. */
  readonly models: readonly Model[];
  /** Makes something of each model. What comes back gives that of the model that answers the next request without a version. */
  each<Value>(create: (model: Model) => Value): () => Value;
  release(): Promise<void>;
}

/** Below the directory of the champion. */
export const candidateDirectory = 'candidate';

/** Throws when there is to be a candidate, and it is not there or could not stand in for the champion. */
export function createServing(options: ServingOptions): Serving {
  const champion = createModel(options);
  const { candidateTraffic: traffic, modelDirectory } = options;
  if (traffic === 'off') {
    const each: Serving['each'] = (create) => {
      const value = create(champion);
      return () => value;
    };
    const { release } = champion;
    return { champion, candidate: undefined, shadow: undefined, models: [champion], each, release };
  }

  const directory = join(modelDirectory, candidateDirectory);
  if (!existsSync(join(directory, cardFileName)))
    throw new Error(`CANDIDATE_TRAFFIC is ${JSON.stringify(traffic)}, but ${directory} has no ${cardFileName}.`);
  const candidate = createModel({ ...options, modelDirectory: directory });
  checkInterchangeable(champion.card, candidate.card);
  // No request waits for a candidate, and its failure to load, which is logged, costs none.
  champion.observe({ loaded: () => void candidate.load().catch(() => undefined) });
  const shadow = traffic === 'shadow' ? createShadow(champion, candidate) : undefined;
  const share = traffic === 'shadow' ? 0 : traffic / 100;
  return {
    champion,
    candidate,
    shadow,
    models: [champion, candidate],
    each(create) {
      const [first, second] = [create(champion), create(candidate)];
      return () => (Math.random() < share && candidate.isLoaded() ? second : first);
    },
    release: async () => void (await Promise.all([champion.release(), candidate.release()])),
  };
}

/** A handler made for each model: each request goes to that of the model that is to answer it. */
export function chosen({ each }: Serving, create: (model: Model) => Handler): Handler {
  const handler = each(create);
  return (request, answer) => handler()(request, answer);
}

function checkInterchangeable(champion: Card, candidate: Card): void {
  const difference = findDifference(champion, candidate);
  if (difference === undefined) return;
  throw new Error(`The candidate ${candidate.version} cannot stand in for ${champion.version}: ${difference}.`);
}
