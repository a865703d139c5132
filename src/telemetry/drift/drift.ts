/** Counts callers' rows, predicted labels and returned values in the bins of the training data. */
import type { Card } from '../../model/card/card';
import type { TensorData, Tensors } from '../../model/tensors/tensors';
import { findBin } from './bins';
import { type DriftReadings, readWindows } from './drift-readings';
import { createTrainingBins, type FeatureBins } from './training-bins';
import { createWindow, type RangeCounts } from './window';

/** Rows per window. Only the last two count, so that old instances notice a change as fast as new ones. */
const windowRows = 10_000;

export interface Drift {
  /** Counts the rows of a run. */
  count(inputs: Tensors, outputs: Tensors): void;
  read(): DriftReadings;
}

export function createDrift(card: Card): Drift {
  const training = createTrainingBins(card);
  let current = createWindow(training);
  let last = createWindow(training);
  // 1 for each row of the run that is outside.
  let isOutside = new Uint8Array(0);

  function count(inputs: Tensors, outputs: Tensors): void {
    const { rows } = inputs;
    if (current.rows >= windowRows) [current, last] = [createWindow(training), current];
    if (isOutside.length < rows) isOutside = new Uint8Array(rows);
    else isOutside.fill(0, 0, rows);
    for (const [i, feature] of training.features.entries())
      countRange(feature, feature.elements(inputs), rows, current.features[i] as RangeCounts);
    for (let row = 0; row < rows; row++) current.outside += isOutside[row] as number;
    for (const [i, feature] of training.categories.entries())
      feature.count(inputs, rows, current.categories[i] as Uint32Array);
    for (const [i, value] of training.values.entries())
      countRange(value, value.elements(outputs), rows, current.values[i] as RangeCounts);
    if (training.labels.length > 0) countLabels(outputs);
    current.rows += rows;
  }

  function countRange(feature: FeatureBins, elements: TensorData, rows: number, counts: RangeCounts): void {
    const { minimum, maximum, width, column } = feature;
    const { edges } = feature.bins;
    const missing = counts.bins.length - 1;
    for (let row = 0, at = column; row < rows; row++, at += width) {
      const value = Number(elements[at]);
      // A missing value is NaN, which is not outside.
      (counts.bins[Number.isNaN(value) ? missing : findBin(edges, value)] as number)++;
      if (!(value < minimum || value > maximum)) continue;
      counts.outside++;
      isOutside[row] = 1;
    }
  }

  function countLabels(outputs: Tensors): void {
    const { readLabel } = training;
    if (readLabel === undefined) return;
    for (let row = 0; row < outputs.rows; row++) (current.labels[readLabel(outputs, row)] as number)++;
  }

  return { count, read: () => readWindows(training, [current, last]) };
}
