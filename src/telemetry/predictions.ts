/** Counts what a classifier answers: rows by label, and how sure it was of each. */
import type { Card } from '../model/card';
import { rowWidth, type TensorData, type Tensors } from '../model/tensors';
import type { Metrics } from './metrics';

/** Counts the rows of a run; a model without labels has nothing to count. */
export function createPredictionCounter(card: Card, { predicted }: Metrics): (outputs: Tensors) => void {
  const { labels } = card;
  const label = card.outputs.findIndex(({ role }) => role === 'label');
  const probabilities = card.outputs.findIndex(({ role }) => role === 'probabilities');
  if (labels === undefined || label === -1) return () => undefined;
  const spec = card.outputs[probabilities];
  const width = spec === undefined ? 0 : rowWidth(spec);

  return ({ rows, data }) => {
    const chosen = data[label] as TensorData;
    const shares = data[probabilities] as Float32Array | undefined;
    for (let row = 0; row < rows; row++) {
      const index = Number(chosen[row]);
      const name = labels[index];
      if (name !== undefined) predicted(name, shares?.[row * width + index]);
    }
  };
}
