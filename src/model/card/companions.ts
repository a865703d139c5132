/** Inputs that callers do not send: a feature fills them beside its own, such as the mask of a text. */
import type { TensorSpec } from '../tensors/tensors';
import type { Card, Feature } from './card';

/** Names of the inputs that the feature fills beside its own. */
export function companionsOf({ pad, tokenizer }: Feature): readonly string[] {
  return [pad?.mask, tokenizer?.mask, tokenizer?.types].filter((name) => name !== undefined);
}

/** Whether a feature fills the input beside its own. */
export function isCompanion({ features }: Pick<Card, 'features'>, { name }: TensorSpec): boolean {
  return features.some((feature) => companionsOf(feature).includes(name));
}

/** What is wrong with a feature's companions: an input is filled once. */
export function findSharedCompanion({ features }: Card, feature: Feature): string | undefined {
  const others = features.flatMap((other) => [other.input, ...(other === feature ? [] : companionsOf(other))]);
  const own = companionsOf(feature);
  const shared = own.find((name, i) => others.includes(name) || own.indexOf(name) !== i);
  if (shared === undefined) return undefined;
  return `fills the input "${shared}", which ${others.includes(shared) ? 'another feature fills, too' : 'it fills already'}`;
}
