/** Drafts a card from the weights, with TODO where only their owner knows. */
import type { Card, OutputSpec } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import { rowWidth, type TensorSpec } from '../../model/tensors/tensors';

export const todo = 'TODO';

/** A wider tensor becomes one feature, given as nested arrays. */
const maxColumns = 64;

export interface Weights {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly opset?: number;
  readonly mlOpset?: number;
  readonly irVersion?: number;
}

type Draft = Readonly<Record<string, unknown>>;

export function draftCard(
  name: string,
  weights: Weights,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
): Draft {
  const { task, roles, labels } = guessTask(outputs);
  return {
    $schema: './card.schema.json',
    name,
    version: '1',
    title: `${todo}: human-readable name of the model`,
    description: `${todo}: what the model predicts, in one sentence`,
    intendedUse: `${todo}: what it is meant for`,
    limits: [`${todo}: where it should not be trusted`],
    task,
    weights,
    inputs,
    outputs: outputs.map((spec, i) => ({ ...spec, role: roles[i] })),
    features: inputs.flatMap(draftFeatures),
    ...(labels !== undefined && { labels }),
  };
}

function draftFeatures(spec: TensorSpec): Draft[] {
  const { name, shape } = spec;
  const width = rowWidth(spec);
  const description = `${todo}: what it measures, and its unit`;
  if (shape.length > 2 || width > maxColumns)
    return [{ name, description, input: name, column: 0, shape: shape.slice(1) }];
  return Array.from({ length: width }, (_, column) => ({
    name: width === 1 ? name : `${name}_${column}`,
    description,
    input: name,
    column,
  }));
}

interface Guess {
  readonly task: Card['task'];
  readonly roles: readonly OutputSpec['role'][];
  readonly labels?: readonly string[];
}

/** Guesses by the output names that exporters use, and by shapes. */
function guessTask(outputs: readonly TensorSpec[]): Guess {
  const [first, second] = outputs as readonly [TensorSpec, TensorSpec?];
  if (isLabel(first) && outputs.length <= 2) {
    if (second === undefined) return { task: 'classification', roles: ['label'], labels: draftLabels(2) };
    if (isVector(second))
      return { task: 'classification', roles: ['label', sharesOf(second)], labels: draftLabels(rowWidth(second)) };
  }
  if (outputs.length > 1 || !isFloat(first)) return { task: 'tensors', roles: outputs.map(() => 'tensor') };
  if (rowWidth(first) === 1) return { task: 'regression', roles: ['value'] };
  if (/embed|vector/i.test(first.name)) return { task: 'embedding', roles: ['embedding'] };
  if (isVector(first) && /prob|softmax|score|logit|class/i.test(first.name))
    return { task: 'classification', roles: [sharesOf(first)], labels: draftLabels(rowWidth(first)) };
  return { task: 'tensors', roles: ['tensor'] };
}

const isFloat = ({ datatype }: TensorSpec) => datatypes[datatype].kind === 'number';
const isVector = (spec: TensorSpec) => isFloat(spec) && spec.shape.length === 2 && rowWidth(spec) > 1;
const isLabel = ({ datatype, shape }: TensorSpec) =>
  (datatype === 'INT64' || datatype === 'INT32' || datatype === 'BYTES') && shape.length === 1;
const sharesOf = ({ name }: TensorSpec) => (/score|logit|margin|decision/i.test(name) ? 'scores' : 'probabilities');

function draftLabels(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${todo} class ${i}`);
}
