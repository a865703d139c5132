/** What serves: the champion, and beside it a candidate that shadows it or takes a share of its requests. */
import type { Model } from '../model/model';
import type { Shadow } from './shadow';

/** What a candidate gets: nothing, a copy of every row, or a percentage of the requests that name no version. */
export type CandidateTraffic = 'off' | 'shadow' | number;

export interface Serving {
  readonly champion: Model;
  /** All versions, the champion first. */
  readonly models: readonly Model[];
  /** Compares the two where the candidate only shadows. */
  readonly shadow: Shadow | undefined;
  /** Makes something for each model. The function returned gives that of the model that answers the next request without a version. */
  each<Value>(create: (model: Model) => Value): () => Value;
  release(): Promise<void>;
}
