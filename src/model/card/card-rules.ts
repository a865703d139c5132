/** Card rules beyond the schema: servable tensors, outputs that fit their roles, a feature for every column. */
import { datatypes, isDatatype } from '../tensors/datatypes';
import { isFree, rowWidth, type TensorSpec } from '../tensors/tensors';
import type { Card, OutputSpec } from './card';
import { toConstantRow } from './constants';
import { checkFeatures, findSharesBreach } from './feature-rules';
import { roles } from './roles';

/** Throws an error that names the offending part of the card. */
export function checkCardRules(card: Card): void {
  const { inputs, outputs, constants = [] } = card;
  for (const spec of [...inputs, ...constants, ...outputs]) checkTensor(spec);
  for (const spec of inputs) checkBounds(spec);
  for (const constant of constants) toConstantRow(constant);
  for (const output of outputs) checkOutput(card, output);
  checkFeatures(card);
}

function checkTensor({ name, datatype, shape, isSingle = false }: TensorSpec): void {
  if (!isDatatype(datatype)) throw new Error(`The card's tensor "${name}" has the unsupported datatype ${datatype}.`);
  if (isSingle || shape[0] === -1) return;
  throw new Error(
    `The card's tensor "${name}" has the shape [${shape}]: expected -1 as the first dimension, which counts rows. ` +
      'For a model that runs on one instance at a time, set "runs": "single".',
  );
}

/** What a run costs grows with the sizes that callers choose, sometimes with their square: each has a bound. */
function checkBounds(spec: TensorSpec): void {
  const { name, shape, maxShape, minShape } = spec;
  const title = `The card's input "${name}" has the shape [${shape}]`;
  if (maxShape === undefined && isFree(spec))
    throw new Error(`${title}: expected a maxShape with the largest sizes that callers may send, got none.`);
  for (const [member, sizes] of Object.entries({ maxShape, minShape })) {
    if (sizes === undefined || isBound(spec, sizes)) continue;
    throw new Error(
      `${title} and the ${member} [${sizes}]: expected as many sizes, positive where the shape has -1 beside the rows, else the same.`,
    );
  }
  if (minShape?.some((least, i) => least > (maxShape?.[i] ?? 0) && least !== -1))
    throw new Error(`${title}: expected the minShape [${minShape}] within the maxShape [${maxShape}].`);
}

function isBound({ shape, isSingle = false }: TensorSpec, sizes: readonly number[]): boolean {
  if (sizes.length !== shape.length) return false;
  return sizes.every((size, i) => {
    if (shape[i] !== -1) return size === shape[i];
    return !isSingle && i === 0 ? size === -1 : size > 0;
  });
}

function checkOutput(card: Card, output: OutputSpec): void {
  const breach = findOutputBreach(card, output);
  if (breach !== undefined) throw new Error(`The card's output "${output.name}" ${breach}.`);
}

function findOutputBreach({ labels = [], outputs }: Card, output: OutputSpec): string | undefined {
  const { role, columns, datatype, shape } = output;
  const width = rowWidth(output);
  const isNamed = columns !== undefined;
  if (isNamed && (isFree(output) || columns.length !== width || columns.length !== shape.at(-1)))
    return `has ${columns.length} column names for the shape [${shape}]`;
  const trainingBreach = findTrainingBreach(output);
  if (trainingBreach !== undefined) return trainingBreach;
  // Predictions use the first output of a role.
  if (output !== outputs.find((other) => other.role === role)) return undefined;
  const row = roles[role];
  if (!row.kinds.includes(datatypes[datatype].kind))
    return `has the role "${role}", which the datatype ${datatype} cannot have`;
  if (isFree(output) && row.labels !== 'none')
    return `has the role "${role}" and the shape [${shape}]: expected fixed sizes`;
  const expected = { one: 1, each: labels.length, none: width }[row.labels];
  if (width === expected) return undefined;
  const reason = row.labels === 'each' ? `, one for each of the card's labels` : '';
  return `has the role "${role}": expected ${expected} elements per row${reason}, got ${width}`;
}

/** One distribution for each number of a row. */
function findTrainingBreach(output: OutputSpec): string | undefined {
  const { role, training } = output;
  if (training === undefined) return undefined;
  if (!roles[role].hasTraining) return `has the role "${role}" and a training: expected one of values only`;
  if (isFree(output) || training.length !== rowWidth(output))
    return `has ${training.length} entries in training: expected one for each element of a row`;
  return training.map(findSharesBreach).find((breach) => breach !== undefined);
}
