/** Model outputs to the JSON text of a prediction, as the card names them. */
import type { Card, OutputSpec, Role } from '../card/card';
import { floatText } from '../tensors/decimal';
import { rowWidth, type TensorData, type Tensors } from '../tensors/tensors';
import { createLabelReader, type LabelReader, noLabel } from './labels';

/** Writes the prediction of one row, or a part of it. */
export type PredictionWriter = (outputs: Tensors, row: number) => string;

/** Writers of whole predictions and of their members. */
export interface PredictionWriters extends Partial<Record<Exclude<Role, 'tensor'>, PredictionWriter>> {
  readonly prediction: PredictionWriter;
}

/** What a prediction is follows from the task of the card. */
export function createPredictionWriters(card: Card): PredictionWriters {
  switch (card.task) {
    case 'classification':
      return createClassificationWriters(card);
    case 'tensors':
      return { prediction: createNamedWriter(card) };
    default:
      return createSingleWriters(card, card.task === 'regression' ? 'value' : 'embedding');
  }
}

/** The label, with the probability or the score of each where the model has some. */
function createClassificationWriters(card: Card): PredictionWriters {
  const read = createLabelReader(card);
  if (read === undefined)
    throw new Error('The card says classification, but none of its outputs has the role "label".');
  const labels = (card.labels ?? []).map((name) => JSON.stringify(name));
  // A label that is read from the numbers is not there when they are none.
  const missing = card.outputs.some(({ role }) => role === 'label') ? undefined : 'null';
  const index = card.outputs.findIndex(({ role }) => role === 'probabilities' || role === 'scores');
  const output = card.outputs[index];
  const label = createChooser(labels, read, missing);
  if (output === undefined) {
    const texts = labels.map((text) => `{"label":${text}}`);
    return { prediction: createChooser(texts, read), label };
  }

  const toOpening = (text: string) => `{"label":${text},"${output.role}":`;
  const opening = createChooser(labels.map(toOpening), read, missing && toOpening(missing));
  const keys = labels.map((text, i) => `${i === 0 ? '{' : ','}${text}:`);

  function shares({ data }: Tensors, row: number): string {
    const numbers = data[index] as Float32Array;
    let text = '';
    for (let i = 0, at = row * keys.length; i < keys.length; i++, at++)
      text += `${keys[i]}${floatText(numbers[at] as number)}`;
    return `${text}}`;
  }

  const prediction: PredictionWriter = (outputs, row) => `${opening(outputs, row)}${shares(outputs, row)}}`;
  return { prediction, label, [output.role]: shares };
}

/** Writes the text of the label that was chosen, or what stands for none. */
function createChooser(texts: readonly string[], read: LabelReader, missing?: string): PredictionWriter {
  return (outputs, row) => {
    const index = read(outputs, row);
    const text = texts[index] ?? (index === noLabel ? missing : undefined);
    if (text === undefined) throw new RangeError(`The model answered label ${index}, the card has ${texts.length}.`);
    return text;
  };
}

/** One member: a number, or more than one as the output's shape has them. */
function createSingleWriters(card: Card, role: 'value' | 'embedding'): PredictionWriters {
  const index = card.outputs.findIndex((spec) => spec.role === role);
  const output = card.outputs[index];
  if (output === undefined)
    throw new Error(`The card says ${card.task}, but none of its outputs has the role "${role}".`);
  const write = role === 'value' && isNumber(output) ? createNumberWriter(index) : tensorWriter(output, index);
  return { prediction: (outputs, row) => `{"${role}":${write(outputs, row)}}`, [role]: write };
}

function isNumber(output: OutputSpec): boolean {
  return rowWidth(output) === 1 && output.columns === undefined;
}

function createNumberWriter(index: number): PredictionWriter {
  return ({ data }, row) => floatText(Number((data[index] as TensorData)[row]));
}

/** Every output under its name. */
function createNamedWriter({ outputs }: Card): PredictionWriter {
  const members = outputs.map((output, index) => ({
    opening: `${index === 0 ? '{' : ','}${JSON.stringify(output.name)}:`,
    write: tensorWriter(output, index),
  }));
  return (tensors, row) => `${members.map(({ opening, write }) => opening + write(tensors, row)).join('')}}`;
}

// Classifiers and plain regressors do without it.
function tensorWriter(output: OutputSpec, index: number): PredictionWriter {
  const { createTensorWriter } = require('./tensor-text') as typeof import('./tensor-text');
  return createTensorWriter(output, index);
}
