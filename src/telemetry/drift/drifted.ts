/** Which distributions have changed so much that what was learned from the training data may no longer hold. */
import type { DriftReadings } from './drift-readings';

/** The population stability index that is a significant change, by convention. */
const significantIndex = 0.2;
const mostNamed = 3;

/** Names those with the largest index first; undefined while nothing has changed that much. */
export function describeDrifted({ features, labels }: DriftReadings): string | undefined {
  const indices = [
    ...features.map(({ name, psi }) => [JSON.stringify(name), psi] as const),
    ['the predicted labels', labels?.psi ?? null] as const,
  ];
  const drifted = indices
    .flatMap(([what, psi]) => (psi !== null && psi >= significantIndex ? [{ what, psi }] : []))
    .sort((a, b) => b.psi - a.psi);
  if (drifted.length === 0) return undefined;
  const named = drifted.slice(0, mostNamed).map(({ what, psi }) => `${what} (PSI ${psi.toFixed(2)})`);
  const more = drifted.length - named.length;
  return `Drift from the training data: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
