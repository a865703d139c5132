/** Lets hooks return tensors as flat typed arrays, such as the pixels of an image. */
import type { Card, Feature } from '../card/card';

/** Nests the typed arrays among features, in the shapes of the card; leaves all else as it is. */
export function createNesting({ features }: Card): (instance: unknown) => unknown {
  const nestOf = (feature: Feature | undefined, value: unknown) =>
    ArrayBuffer.isView(value) ? nest(Array.from(value as unknown as ArrayLike<unknown>), feature?.shape ?? []) : value;

  return (instance) => {
    if (typeof instance !== 'object' || instance === null) return instance;
    if (!Object.values(instance).some((value) => ArrayBuffer.isView(value))) return instance;
    if (Array.isArray(instance)) return instance.map((value, i) => nestOf(features[i], value));
    const entries = Object.entries(instance) as readonly (readonly [string, unknown])[];
    return Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        nestOf(
          features.find((feature) => feature.name === name),
          value,
        ),
      ]),
    );
  };
}

/** Row-major. Sizes that the elements do not fill are left for the contract to refuse. */
function nest(elements: readonly unknown[], shape: readonly number[]): unknown {
  const inner = shape.slice(1).reduce((product, size) => product * size, 1);
  if (shape.length < 2 || shape.includes(-1) || inner === 0) return elements;
  return Array.from({ length: Math.ceil(elements.length / inner) }, (_, i) =>
    nest(elements.slice(i * inner, (i + 1) * inner), shape.slice(1)),
  );
}
