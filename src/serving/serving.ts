/** The models that serve: the champion, and beside it a candidate that shadows it or takes a share of its requests. */
import type { Handler } from '../http/message';
import { createModel, type Model, type ModelOptions } from '../model/model';
import type { Shadow } from './candidate/shadow';

/** What a candidate gets: nothing, a copy of every row, or so many percent of the requests that name no version. */
export type CandidateTraffic = 'off' | 'shadow' | number;

export interface ServingOptions extends ModelOptions {
  readonly candidateTraffic: CandidateTraffic;
}

export interface Serving {
  readonly champion: Model;
  /** All versions, the champion first. */
  readonly models: readonly Model[];
  /** Compares the two where the candidate only shadows. */
  readonly shadow: Shadow | undefined;
  /** Makes something of each model. What comes back gives that of the model that answers the next request without a version. */
  each<Value>(create: (model: Model) => Value): () => Value;
  release(): Promise<void>;
}

/** Throws when there is to be a candidate, and it is not there or could not stand in for the champion. */
export function createServing(options: ServingOptions): Serving {
  const champion = createModel(options);
  const { candidateTraffic: traffic } = options;
  if (traffic === 'off') return serveAlone(champion);
  // Most deployments have no candidate, and a start does not wait for what it needs.
  const { serveBeside } = require('./candidate/candidate') as typeof import('./candidate/candidate');
  return serveBeside(champion, traffic, options);
}

function serveAlone(champion: Model): Serving {
  const each: Serving['each'] = (create) => {
    const value = create(champion);
    return () => value;
  };
  return { champion, models: [champion], shadow: undefined, each, release: champion.release };
}

/** A handler made for each model: each request goes to that of the model that is to answer it. */
export function chosen({ each }: Serving, create: (model: Model) => Handler): Handler {
  const handler = each(create);
  return (request) => handler()(request);
}
