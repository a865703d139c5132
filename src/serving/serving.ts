/** What serves: the champion, and optionally a candidate that shadows it or takes a share of its requests. */
import type { Model } from '../model/model';
import type { Shadow } from './shadow';

export interface Serving {
  readonly champion: Model;
  /** All versions, the champion first. */
  readonly models: readonly Model[];
  /** Compares the two while the candidate shadows. */
  readonly shadow: Shadow | undefined;
  /** Creates a value per model; the returned function picks the one for the next request without a version. */
  each<Value>(create: (model: Model) => Value): () => Value;
  release(): Promise<void>;
}
