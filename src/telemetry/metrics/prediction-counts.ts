/** Counts a classifier's predictions by label, with their probabilities. */
import type { Card } from '../../model/card/card';
import { createLabelReader } from '../../model/predictions/labels';
import { findExplained } from '../../model/predictions/tasks';
import { rowWidth, type Tensors } from '../../model/tensors/tensors';
import type { Metrics } from './version-metrics';

/** Counts the rows of a run; does nothing for a model without labels. */
export function createPredictionCounter(card: Card, { predicted }: Metrics): (outputs: Tensors) => void {
  const { labels = [] } = card;
  const read = createLabelReader(card);
  if (read === undefined) return () => undefined;
  const spec = findExplained(card);
  const probabilities = spec === undefined ? -1 : card.outputs.indexOf(spec);
  const width = spec === undefined ? 0 : rowWidth(spec);

  return (outputs) => {
    const shares = outputs.data[probabilities] as Float32Array | undefined;
    for (let row = 0; row < outputs.rows; row++) {
      const index = read(outputs, row);
      const name = labels[index];
      if (name !== undefined) predicted(name, shares?.[row * width + index]);
    }
  };
}
