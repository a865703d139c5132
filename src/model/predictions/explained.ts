/** The output whose numbers stand for a prediction when it is drawn and explained. */
import type { Card, OutputSpec } from '../card/card';
import { rowWidth } from '../tensors/tensors';

/** The probabilities, or the one value; undefined where a prediction is something else. */
export function findExplained({ outputs }: Card): OutputSpec | undefined {
  return outputs.find((spec) => spec.role === 'probabilities' || (spec.role === 'value' && rowWidth(spec) === 1));
}
