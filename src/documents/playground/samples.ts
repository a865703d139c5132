/** The page's samples: a few golden ones per label, as arrays for the form. */
import { type Sample, spreadSamples } from '../../model/acceptance/golden-samples';
import type { Card } from '../../model/card/card';

export interface TitledSample {
  readonly title: string;
  /** Values in the order of the card. */
  readonly instance: readonly unknown[];
}

const mostSamples = 8;
const mostOfLabel = 2;

export function chooseSamples({ features }: Card, samples: readonly Sample[]): readonly TitledSample[] {
  const groups = [...groupByLabel(samples)];
  const count = Math.max(1, Math.min(mostOfLabel, Math.floor(mostSamples / groups.length)));
  return groups.slice(0, mostSamples).flatMap(([label, group]) =>
    spreadSamples(group, label === undefined ? mostSamples : count).map(({ instance }, i, { length }) => ({
      title: label === undefined ? `Sample ${i + 1}` : titleOf(label, i, length),
      instance: toArray(instance, features),
    })),
  );
}

/** Samples by label; without labels, as for a regressor, a single group. */
function groupByLabel(samples: readonly Sample[]): ReadonlyMap<string | undefined, Sample[]> {
  const groups = new Map<string | undefined, Sample[]>();
  for (const sample of samples) {
    const { label } = sample.prediction as { readonly label?: string };
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [sample]);
    else group.push(sample);
  }
  return groups;
}

function titleOf(label: string, index: number, count: number): string {
  return count === 1 ? label : `${label} ${index + 1}`;
}

function toArray(instance: unknown, features: Card['features']): readonly unknown[] {
  if (Array.isArray(instance)) return instance;
  const values = instance as Readonly<Record<string, unknown>>;
  return features.map(({ name, default: fallback }) => (Object.hasOwn(values, name) ? values[name] : fallback));
}
