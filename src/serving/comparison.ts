/** Compares the outputs of two models row by row. */
import type { Card, OutputSpec } from '../model/card/card';
import { roles } from '../model/card/roles';
import { createLabelReader } from '../model/predictions/labels';
import { defaultTolerance, distance, isWithin } from '../model/tensors/differences';
import { haveEqualSizes, rowOf } from '../model/tensors/row-tensors';
import type { TensorData, Tensors } from '../model/tensors/tensors';

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
  // Labels are compared by meaning, not by index.
  const compared = [...outputs.keys()].filter((index) => roles[(outputs[index] as OutputSpec).role].labels !== 'one');

  return (first, firstRow, second, secondRow) => {
    let difference = 0;
    let isOther = false;
    for (const index of compared) {
      const spec = outputs[index] as OutputSpec;
      const left = rowOf(spec, first.data[index] as TensorData, firstRow);
      const right = rowOf(spec, second.data[index] as TensorData, secondRow);
      if (!haveEqualSizes(left, right)) [isOther, difference] = [true, Number.POSITIVE_INFINITY];
      for (let i = 0; i < left.data.length; i++) {
        const [a, b] = [left.data[i], right.data[i]];
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
