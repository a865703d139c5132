/** Model outputs to the JSON text of a prediction, as the card names them. */
import type { Card } from './card';
import { floatText } from './decimal';
import type { TensorData, Tensors } from './tensors';

/** Writes the prediction of one row, or a part of it. */
export type PredictionWriter = (outputs: Tensors, row: number) => string;

/** Writers of whole predictions and of their members. */
export interface PredictionWriters {
  readonly prediction: PredictionWriter;
  readonly label?: PredictionWriter;
  readonly probabilities?: PredictionWriter;
  readonly value?: PredictionWriter;
}

/** A classifier's prediction is its label and the probability of each; a regressor's is its value. */
export function createPredictionWriters(card: Card): PredictionWriters {
  return card.task === 'classification' ? createClassificationWriters(card) : createRegressionWriters(card);
}

function createClassificationWriters(card: Card): PredictionWriters {
  const labels = (card.labels ?? []).map((label) => JSON.stringify(label));
  const openings = labels.map((label) => `{"label":${label},"probabilities":`);
  const keys = labels.map((label, i) => `${i === 0 ? '{' : ','}${label}:`);
  const labelOutput = outputIndex(card, 'label');
  const probabilityOutput = outputIndex(card, 'probabilities');

  function chosen(texts: readonly string[], outputs: Tensors, row: number): string {
    const index = Number((outputs.data[labelOutput] as TensorData)[row]);
    const text = texts[index];
    if (text === undefined) throw new RangeError(`The model answered label ${index}, the card has ${labels.length}.`);
    return text;
  }

  function probabilities(outputs: Tensors, row: number): string {
    const shares = outputs.data[probabilityOutput] as Float32Array;
    let text = '';
    for (let i = 0, at = row * keys.length; i < keys.length; i++, at++)
      text += `${keys[i]}${floatText(shares[at] as number)}`;
    return `${text}}`;
  }

  return {
    prediction: (outputs, row) => `${chosen(openings, outputs, row)}${probabilities(outputs, row)}}`,
    label: (outputs, row) => chosen(labels, outputs, row),
    probabilities,
  };
}

function createRegressionWriters(card: Card): PredictionWriters {
  const valueOutput = outputIndex(card, 'value');
  const value: PredictionWriter = (outputs, row) => floatText(Number((outputs.data[valueOutput] as TensorData)[row]));
  return { prediction: (outputs, row) => `{"value":${value(outputs, row)}}`, value };
}

function outputIndex(card: Card, role: 'label' | 'probabilities' | 'value'): number {
  const index = card.outputs.findIndex((output) => output.role === role);
  if (index === -1) throw new Error(`The card says ${card.task}, but none of its outputs has the role "${role}".`);
  return index;
}
