/** What a card must keep beyond its schema: tensors that can be served, outputs for its task, a feature for every column. */

import { isDatatype, rowWidth, type TensorSpec } from '../tensors/tensors';
import type { Card, OutputSpec } from './card';
import { checkFeatures } from './feature-rules';

/** Throws an error that names the part of the card that breaks a rule. */
export function checkCardRules(card: Card): void {
  for (const spec of [...card.inputs, ...card.outputs]) checkTensor(spec);
  for (const output of card.outputs) checkOutput(card, output);
  if (card.task === 'classification') checkClassifier(card);
  checkFeatures(card);
}

function checkTensor({ name, datatype, shape }: TensorSpec): void {
  if (!isDatatype(datatype))
    throw new Error(`The tensor "${name}" of the card has the datatype ${datatype}, which is not served.`);
  const [rows, ...others] = shape;
  if (rows === -1 && others.every((size) => size > 0)) return;
  throw new Error(
    `The tensor "${name}" of the card has the shape [${shape}]: only the first dimension may be, and must be, -1.`,
  );
}

function checkOutput(card: Card, output: OutputSpec): void {
  const breach = findOutputBreach(card, output);
  if (breach !== undefined) throw new Error(`The output "${output.name}" of the card ${breach}.`);
}

function findOutputBreach(card: Card, output: OutputSpec): string | undefined {
  const { role, columns, shape } = output;
  if (columns !== undefined && (columns.length !== rowWidth(output) || shape.length !== 2))
    return `has ${columns.length} names of columns for the shape [${shape}]`;
  switch (role) {
    case 'label':
      return findLabelBreach(card, output);
    case 'tensor':
      return undefined;
    case 'value':
    case 'embedding':
      // The first one is what a prediction has.
      return output === card.outputs.find((other) => other.role === role) ? findDatatypeBreach(output) : undefined;
    default:
      return findDatatypeBreach(output) ?? findWidthBreach(card, output);
  }
}

function findLabelBreach({ labelValues }: Card, output: OutputSpec): string | undefined {
  const { datatype } = output;
  if (rowWidth(output) !== 1) return `is the label, but has ${rowWidth(output)} elements a row`;
  if (datatype === 'FP32' || datatype === 'FP64' || datatype === 'BOOL')
    return `is the label, but has the datatype ${datatype}`;
  return datatype === 'BYTES' && labelValues !== undefined ? 'is a string, which needs no labelValues' : undefined;
}

function findDatatypeBreach({ role, datatype }: OutputSpec): string | undefined {
  const isNumeric = role === 'value' ? datatype !== 'BYTES' && datatype !== 'BOOL' : /^FP/.test(datatype);
  return isNumeric ? undefined : `has the role "${role}", but the datatype ${datatype}`;
}

function findWidthBreach({ labels = [] }: Card, output: OutputSpec): string | undefined {
  const width = rowWidth(output);
  return width === labels.length ? undefined : `has ${width} columns for ${labels.length} labels`;
}

function checkClassifier({ outputs, labels = [], labelValues }: Card): void {
  const roles = outputs.map(({ role }) => role);
  if (labelValues !== undefined && labelValues.length !== labels.length)
    throw new Error(`The card has ${labelValues.length} labelValues for ${labels.length} labels.`);
  if (new Set(roles).size < roles.length || (roles.includes('probabilities') && roles.includes('scores')))
    throw new Error(`The card has the outputs ${roles.join(', ')}: expected one label, and probabilities or scores.`);
}
