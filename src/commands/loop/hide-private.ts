/** Leaves the values of private features out of what was captured: a capture may be older than the word "private" in the card. */
import type { Card } from '../../model/card/card';
import type { Members } from './records';

export interface Hiding {
  instance(instance: Members): Members;
  /** Names of features, as they are written; undefined where none is left. */
  outside(names: unknown): unknown;
}

const asItIs = <Value>(value: Value) => value;

export function createHiding({ features }: Pick<Card, 'features'>): Hiding {
  const hidden = new Set<unknown>(features.filter((feature) => feature.private === true).map(({ name }) => name));
  if (hidden.size === 0) return { instance: asItIs, outside: asItIs };
  return {
    instance: (instance) => Object.fromEntries(Object.entries(instance).filter(([name]) => !hidden.has(name))),
    outside(names) {
      if (!Array.isArray(names)) return names;
      const shown = names.filter((name) => !hidden.has(name));
      return shown.length === 0 ? undefined : shown;
    },
  };
}
