/** Opens the champion and, if configured, the candidate. */
import type { CandidateTraffic } from '../candidate-traffic';
import { createModel, type Model, type ModelOptions } from '../model/model';
import { serveBeside } from './candidate';
import type { Serving } from './serving';

export interface ServingOptions extends ModelOptions {
  readonly candidateTraffic: CandidateTraffic;
}

/** Throws if a configured candidate is missing or incompatible with the champion. */
export function createServing(options: ServingOptions): Serving {
  const champion = createModel(options);
  const { candidateTraffic: traffic } = options;
  return traffic === 'off' ? serveAlone(champion) : serveBeside(champion, traffic, options);
}

function serveAlone(champion: Model): Serving {
  const each: Serving['each'] = (create) => {
    const value = create(champion);
    return () => value;
  };
  return { champion, models: [champion], shadow: undefined, each, release: champion.release };
}
