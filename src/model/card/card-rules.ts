/** What a card must keep beyond its schema: tensors that can be served, outputs for their roles, a feature for every column. */
import { datatypes, isDatatype } from '../tensors/datatypes';
import { rowWidth, type TensorSpec } from '../tensors/tensors';
import type { Card, OutputSpec } from './card';
import { checkFeatures } from './feature-rules';
import { roles } from './roles';

/** Throws an error that names the part of the card that breaks a rule. */
export function checkCardRules(card: Card): void {
  for (const spec of [...card.inputs, ...card.outputs]) checkTensor(spec);
  for (const output of card.outputs) checkOutput(card, output);
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

function findOutputBreach({ labels = [], outputs }: Card, output: OutputSpec): string | undefined {
  const { role, columns, datatype, shape } = output;
  const width = rowWidth(output);
  if (columns !== undefined && (columns.length !== width || shape.length !== 2))
    return `has ${columns.length} names of columns for the shape [${shape}]`;
  // The first one of a role is what a prediction has.
  if (output !== outputs.find((other) => other.role === role)) return undefined;
  const row = roles[role];
  if (!row.kinds.includes(datatypes[datatype].kind)) return `has the role "${role}", but the datatype ${datatype}`;
  const expected = { one: 1, each: labels.length, none: width }[row.labels];
  return width === expected ? undefined : `has the role "${role}": expected ${expected} elements a row, got ${width}`;
}
