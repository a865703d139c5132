/** What a card must keep beyond its schema: tensors that can be served, and a feature for every column of every input. */
import type { Card, Feature } from './card';
import { isDatatype, rowWidth, type TensorSpec } from './tensors';

/** Throws an error that names the part of the card that breaks a rule. */
export function checkCardRules(card: Card): void {
  for (const spec of [...card.inputs, ...card.outputs]) checkTensor(spec);
  const names = card.features.map(({ name }) => name);
  for (const [i, { name, input }] of card.features.entries()) {
    if (names.indexOf(name) !== i) throw new Error(`The card has two features with the name "${name}".`);
    if (name === '__proto__')
      throw new Error('The card has a feature with the name "__proto__", which JSON Schema cannot describe.');
    if (!card.inputs.some((spec) => spec.name === input)) {
      throw new Error(
        `The feature "${name}" of the card goes into the input "${input}", which the card does not have.`,
      );
    }
  }
  for (const spec of card.inputs) checkColumns(card, spec);
  for (const feature of card.features) checkShares(feature);
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

function checkColumns({ features }: Card, spec: TensorSpec): void {
  const width = rowWidth(spec);
  const owners = new Array<string | undefined>(width).fill(undefined);
  for (const { name, input, column } of features) {
    if (input !== spec.name) continue;
    const owner = owners[column];
    if (column >= width)
      throw new Error(`The feature "${name}" is column ${column} of "${input}", which has ${width}.`);
    if (owner !== undefined)
      throw new Error(`The features "${owner}" and "${name}" are both column ${column} of "${input}".`);
    owners[column] = name;
  }
  const free = owners.indexOf(undefined);
  if (free !== -1) throw new Error(`No feature of the card fills column ${free} of the input "${spec.name}".`);
}

function checkShares({ name, training }: Feature): void {
  const { quantiles = {}, shares } = training ?? {};
  const expected = new Set(Object.values(quantiles)).size + 1;
  if (shares === undefined || shares.length === expected) return;
  throw new Error(
    `The feature "${name}" of the card has ${shares.length} shares; its distinct quantiles part its values into ${expected}.`,
  );
}
