/** Compares the outputs of two models row by row. */
import type { Card, OutputSpec } from '../model/card/card';
import { roles } from '../model/card/roles';
import { createLabelReader } from '../model/predictions/labels';
import { defaultTolerance, distance, isWithin } from '../model/tensors/differences';
import { rowWidth, type TensorData, type Tensors } from '../model/tensors/tensors';

/** The comparison of one row. */
export interface Comparison {
  /** Whether the labels differ; without labels, whether a value differs beyond the card's tolerance. */
  readonly isDifferent: boolean;
  /** Largest difference between corresponding values; infinite if texts differ or only one value is a number. */
  readonly difference: number;
}

export type CompareRows = (first: Tensors, firstRow: number, second: Tensors, secondRow: number) => Comparison;

export function createComparison(card: Card): CompareRows {
  const { outputs, tolerance = defaultTolerance } = card;
  const readLabel = createLabelReader(card);
  const widths = outputs.map(rowWidth);
  // Labels are compared by meaning, not by index.
  const compared = [...outputs.keys()].filter((index) => roles[(outputs[index] as OutputSpec).role].labels !== 'one');

  return (first, firstRow, second, secondRow) => {
    let difference = 0;
    let isOther = false;
    for (const index of compared) {
      const left = first.data[index] as TensorData;
      const right = second.data[index] as TensorData;
      const width = widths[index] as number;
      for (let i = 0; i < width; i++) {
        const [a, b] = [left[firstRow * width + i], right[secondRow * width + i]];
        const between = distance(a, b);
        if (between === 0) continue;
        isOther ||= !isWithin(between, a, tolerance);
        difference = Math.max(difference, between);
      }
    }
    const isDifferent = readLabel === undefined ? isOther : readLabel(first, firstRow) !== readLabel(second, secondRow);
    return { isDifferent, difference };
  };
}
