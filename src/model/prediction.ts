/** Model outputs to the JSON text of a prediction, as the card names them. */
import type { Card } from './card';
import { floatText } from './decimal';
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
      text += `${keys[i]}${floatText(probabilities[at] as number)}`;
    return `${text}}}`;
  };
}

function createRegressionWriter(card: Card): PredictionWriter {
  const valueOutput = outputIndex(card, 'value');
  return (outputs, row) => `{"value":${floatText(Number((outputs.data[valueOutput] as TensorData)[row]))}}`;
}

function outputIndex(card: Card, role: 'label' | 'probabilities' | 'value'): number {
  const index = card.outputs.findIndex((output) => output.role === role);
  if (index === -1) throw new Error(`The card says ${card.task}, but none of its outputs has the role "${role}".`);
  return index;
}
