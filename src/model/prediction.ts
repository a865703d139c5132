/** Model outputs to the JSON text of a prediction, as the card names them. */
import type { Card } from './card';
import type { TensorData, Tensors } from './tensors';

/** Writes the prediction of one row. */
export type PredictionWriter = (outputs: Tensors, row: number) => string;

/** A classifier's prediction is its label and the probability of each; a regressor's is its value. */
export function createPredictionWriter(card: Card): PredictionWriter {
  return card.task === 'classification' ? createClassificationWriter(card) : createRegressionWriter(card);
}

function createClassificationWriter(card: Card): PredictionWriter {
  const labels = card.labels ?? [];
  const openings = labels.map((label) => `{"label":${JSON.stringify(label)},"probabilities":{`);
  const keys = labels.map((label, i) => `${i === 0 ? '' : ','}${JSON.stringify(label)}:`);
  const labelOutput = outputIndex(card, 'label');
  const probabilityOutput = outputIndex(card, 'probabilities');

  return (outputs, row) => {
    const chosen = Number((outputs.data[labelOutput] as TensorData)[row]);
    const probabilities = outputs.data[probabilityOutput] as Float32Array;
    let text = openings[chosen];
    if (text === undefined) throw new RangeError(`The model answered label ${chosen}, the card has ${labels.length}.`);
    for (let i = 0, at = row * keys.length; i < keys.length; i++, at++)
      text += `${keys[i]}${shortestFloat(probabilities[at] as number)}`;
    return `${text}}}`;
  };
}

function createRegressionWriter(card: Card): PredictionWriter {
  const valueOutput = outputIndex(card, 'value');
  return (outputs, row) => `{"value":${shortestFloat(Number((outputs.data[valueOutput] as TensorData)[row]))}}`;
}

function outputIndex(card: Card, role: 'label' | 'probabilities' | 'value'): number {
  const index = card.outputs.findIndex((output) => output.role === role);
  if (index === -1) throw new Error(`The card says ${card.task}, but none of its outputs has the role "${role}".`);
  return index;
}

// Few decimals first: most probabilities of a forest have two.
const scales = [1e2, 1e4, 1e6, 1e7, 1e8, 1e9];

/**
 * The decimal with the fewest digits, of those with up to nine decimals, that is the same float32 as `value`.
 *
 * A float32 widened to a double prints as 0.9700000286102295; callers who read 0.97 get the same float32 back.
 */
export function shortestFloat(value: number): number {
  if (Number.isInteger(value)) return value;
  for (const scale of scales) {
    const rounded = Math.round(value * scale) / scale;
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
