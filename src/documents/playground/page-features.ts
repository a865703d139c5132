/** What the page needs to know about each feature. */
import type { Card, Feature } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import type { Kind } from '../../model/tensors/elements';
import type { TensorSpec } from '../../model/tensors/tensors';

export interface PageFeature {
  readonly name: string;
  readonly unit?: string;
  /** Values that are tensors are entered as JSON. */
  readonly kind: Kind | 'json';
  /** Whether its value stays out of links. */
  readonly isPrivate?: boolean;
  /** Whether an empty field means null. */
  readonly nullable?: boolean;
  /** Used for an empty field. */
  readonly default?: Feature['default'];
  /** Known categories; others get a warning. */
  readonly categories?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export function toPageFeatures({ features, inputs }: Card): readonly PageFeature[] {
  return features.map((feature) => {
    const { name, unit, input, shape, categories, nullable, training, default: fallback } = feature;
    const { datatype } = inputs.find((spec) => spec.name === input) as TensorSpec;
    const kind = shape === undefined ? datatypes[datatype].kind : 'json';
    const isRanged = training !== undefined && categories === undefined && (kind === 'number' || kind === 'integer');
    return {
      name,
      kind,
      ...(feature.private === true && { isPrivate: true }),
      ...(nullable === true && { nullable }),
      ...(fallback !== undefined && { default: fallback }),
      ...(categories !== undefined && { categories }),
      ...(unit !== undefined && { unit }),
      ...(isRanged && { minimum: training.minimum, maximum: training.maximum }),
    };
  });
}

/** Whether its training rows have more than one value: there is something to slide and to draw along. */
export function varies({ minimum = 0, maximum = 0 }: PageFeature): boolean {
  return minimum < maximum;
}
