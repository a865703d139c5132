/** `GET /` for programs: what this deployment serves, and where. */
import type { Card } from '../model/card/card';

export interface Links {
  readonly predict: string;
  readonly model: string;
  readonly drift: string;
  readonly card: string;
  readonly live: string;
  readonly ready: string;
  readonly metrics: string;
  readonly openapi: string;
  readonly docs: string;
  readonly problems: string;
}

export function describeDeployment({ name, version, title, description, features, labels, task }: Card, links: Links) {
  return {
    // KServe V1 clients check this for liveness.
    status: 'alive',
    model: { name, version, title, description, task },
    features: features.map(({ name: feature, unit, training }) => ({
      name: feature,
      ...(unit === undefined ? {} : { unit }),
      ...(training === undefined ? {} : { minimum: training.minimum, maximum: training.maximum }),
    })),
    ...(labels === undefined ? {} : { labels }),
    links,
  };
}
