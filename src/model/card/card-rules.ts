/** Card rules beyond the schema: servable tensors, outputs that fit their roles, a feature for every column. */
import { datatypes, isDatatype } from '../tensors/datatypes';
import { rowWidth, type TensorSpec } from '../tensors/tensors';
import type { Card, OutputSpec } from './card';
import { checkFeatures } from './feature-rules';
import { roles } from './roles';

/** Throws an error that names the offending part of the card. */
export function checkCardRules(card: Card): void {
  for (const spec of [...card.inputs, ...card.outputs]) checkTensor(spec);
  for (const output of card.outputs) checkOutput(card, output);
  checkFeatures(card);
}

function checkTensor({ name, datatype, shape }: TensorSpec): void {
  if (!isDatatype(datatype)) throw new Error(`The card's tensor "${name}" has the unsupported datatype ${datatype}.`);
  const [rows, ...others] = shape;
  if (rows === -1 && others.every((size) => size > 0)) return;
  throw new Error(
    `The card's tensor "${name}" has the shape [${shape}]: expected -1 as the first dimension, and sizes from 1 as the others.`,
  );
}

function checkOutput(card: Card, output: OutputSpec): void {
  const breach = findOutputBreach(card, output);
  if (breach !== undefined) throw new Error(`The card's output "${output.name}" ${breach}.`);
}

function findOutputBreach({ labels = [], outputs }: Card, output: OutputSpec): string | undefined {
  const { role, columns, datatype, shape } = output;
  const width = rowWidth(output);
  if (columns !== undefined && (columns.length !== width || shape.length !== 2))
    return `has ${columns.length} column names for the shape [${shape}]`;
  // Predictions use the first output of a role.
  if (output !== outputs.find((other) => other.role === role)) return undefined;
  const row = roles[role];
  if (!row.kinds.includes(datatypes[datatype].kind))
    return `has the role "${role}", which the datatype ${datatype} cannot have`;
  const expected = { one: 1, each: labels.length, none: width }[row.labels];
  return width === expected ? undefined : `has the role "${role}": expected ${expected} elements per row, got ${width}`;
}
