/** Drafts a card from the weights, with TODO where only their owner knows. */
import type { Card, OutputSpec } from '../../model/card/card';
import { roles } from '../../model/card/roles';
import { datatypes } from '../../model/tensors/datatypes';
import { isFree, rowSizes, rowWidth, type TensorSpec } from '../../model/tensors/tensors';
import type { DraftTensors } from './draft-tensors';
import { type DraftText, type DraftTokenizer, draftText } from './draft-tokenizer';

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
  { runs, inputs, outputs }: DraftTensors,
  tokenizer?: DraftTokenizer,
): Draft {
  const text = tokenizer === undefined ? undefined : draftText(inputs, tokenizer);
  const { task, labels, ...guess } = guessTask(outputs);
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
    ...(runs === 'single' && { runs }),
    inputs: inputs.map(toMembers),
    outputs: outputs.map((spec, i) => ({ ...toMembers(spec), role: guess.roles[i] })),
    features: [
      ...(text === undefined ? [] : [toTextFeature(text)]),
      ...inputs.filter((spec) => text?.filled.includes(spec.name) !== true).flatMap(draftFeatures),
    ],
    ...(labels !== undefined && { labels }),
  };
}

/** What a card says of a tensor; the rest follows from it. */
function toMembers({ isSingle: _, ...members }: TensorSpec): Omit<TensorSpec, 'isSingle'> {
  return members;
}

function toTextFeature({ input, tokenizer }: DraftText): Draft {
  return { name: 'text', description: `${todo}: what kind of text`, input, column: 0, tokenizer };
}

function draftFeatures(spec: TensorSpec): Draft[] {
  const { name } = spec;
  const width = rowWidth(spec);
  const description = `${todo}: what it measures, and its unit`;
  const shape = instanceSizes(spec);
  if (isFree(spec) || shape.length > 1 || width > maxColumns)
    return [{ name, description, input: name, column: 0, shape }];
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
  if (isOne(first)) return { task: 'regression', roles: ['value'] };
  if (!isFree(first) && /embed|vector/i.test(first.name)) return { task: 'embedding', roles: ['embedding'] };
  if (isVector(first) && /prob|softmax|score|logit|class/i.test(first.name))
    return { task: 'classification', roles: [sharesOf(first)], labels: draftLabels(rowWidth(first)) };
  return { task: 'tensors', roles: ['tensor'] };
}

/** The sizes of an instance: a batch of one is left out. */
function instanceSizes(spec: TensorSpec): readonly number[] {
  const sizes = rowSizes(spec);
  return spec.isSingle === true && sizes[0] === 1 ? sizes.slice(1) : sizes;
}

const isFloat = ({ datatype }: TensorSpec) => datatypes[datatype].kind === 'number';
const isOne = (spec: TensorSpec) => !isFree(spec) && rowWidth(spec) === 1;
const isVector = (spec: TensorSpec) =>
  isFloat(spec) && !isFree(spec) && instanceSizes(spec).length === 1 && rowWidth(spec) > 1;
const isLabel = (spec: TensorSpec) =>
  roles.label.kinds.includes(datatypes[spec.datatype].kind) && isOne(spec) && instanceSizes(spec).length === 0;
const sharesOf = ({ name }: TensorSpec) => (/score|logit|margin|decision/i.test(name) ? 'scores' : 'probabilities');

function draftLabels(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${todo} class ${i}`);
}
