/** Drafts the tensors of a card from what the runtime tells of an ONNX file, and from trial runs. */
import type { Signature, ValueMetadata } from '../../model/runtime/signature';
import { type Datatype, datatypeOf } from '../../model/tensors/datatypes';
import { isFree, type TensorSpec } from '../../model/tensors/tensors';
import { type Answer, findAnswer } from './trials/trial-run';
import { type Shapes, show } from './trials/wanted-shapes';

export interface DraftOptions {
  /** Sizes of inputs that the card fixes. */
  readonly shapes: Shapes;
  /** The largest sizes to accept of inputs. */
  readonly limits: Shapes;
  /** Whether each instance is to be a run of its own, though the first dimension is free. */
  readonly isSingle: boolean;
}

export interface DraftTensors {
  readonly runs: 'rows' | 'single';
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Sizes with which the model has run on zeros, one list for each input; undefined if it ran with none that were tried. */
  readonly triedSizes: readonly (readonly number[])[] | undefined;
  /** What a reader of the report should know. */
  readonly notes: readonly string[];
}

/** The largest free size unless told otherwise. */
const usualLimit = 512;

type Value = Extract<ValueMetadata, { readonly isTensor: true }>;

/** Throws one error that lists every input that cannot be served, with its cure. */
export function draftTensors(path: string, opened: Signature, options: DraftOptions): DraftTensors {
  const faults = opened.inputs.flatMap((input) => findInputFault(input, options) ?? []);
  const known = new Set(opened.inputs.map(({ name }) => name));
  const strange = [...options.shapes.keys(), ...options.limits.keys()].filter((name) => !known.has(name));
  if (strange.length > 0)
    faults.push(`There is no input ${strange.join(', ')}: expected one of ${[...known].join(', ')}.`);
  const served = opened.outputs.filter((output) => findOutputFault(output) === undefined) as Value[];
  if (served.length === 0) faults.push(...opened.outputs.flatMap((output) => findOutputFault(output) ?? []));
  if (faults.length > 0) throw new Error(faults.join('\n'));

  const inputs = (opened.inputs as Value[]).map((input) => toShaped(input, options.shapes.get(input.name)));
  const left = opened.outputs.flatMap((output) => {
    const fault = findOutputFault(output);
    return fault === undefined ? [] : [`Left out: ${fault}`];
  });
  return draftServed(path, { inputs, outputs: served, options, left });
}

interface Found {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly options: DraftOptions;
  readonly left: readonly string[];
}

function draftServed(path: string, { inputs, outputs, options, left }: Found): DraftTensors {
  const countsRows = !options.isSingle && inputs.length > 0 && [...inputs, ...outputs].every(isCounted);
  const asRows = countsRows ? findAnswer(path, inputs, false) : undefined;
  const areRows = asRows !== undefined && (asRows.answer === undefined || asRows.answer.areRows);
  const { answer, deadly } = areRows ? asRows : findAnswer(path, inputs, true);
  const isSingle = !areRows;
  const least = deadly.length > 0 ? answer?.sizes : undefined;
  const specs = inputs.map((input, i) =>
    toInput(input, { isSingle, limit: options.limits.get(input.name), least: least?.[i] }),
  );
  const isFixed = !specs.some(isFree);
  const bounded = specs.filter(({ name, maxShape }) => maxShape !== undefined && !options.limits.has(name));
  return {
    runs: isSingle ? 'single' : 'rows',
    inputs: specs,
    outputs: outputs.map((output) => toOutput(output, { isSingle, isFixed, answer })),
    triedSizes: answer?.sizes,
    notes: [
      ...left,
      ...(deadly.length === 0
        ? []
        : [
            `Free sizes of ${deadly.join(' and ')} end the process, or never end: minShape, which callers must keep, is what has worked.`,
          ]),
      ...bounded.map(
        ({ name, maxShape = [] }) =>
          `${name} may have at most the sizes [${maxShape.join(', ')}], a guess: --max ${name}=… or its maxShape says others.`,
      ),
      ...(isSingle && countsRows
        ? ['Outputs do not have a row for each row of the inputs: each instance is a run of its own.']
        : []),
    ],
  };
}

function findInputFault(input: ValueMetadata, { shapes, limits }: DraftOptions): string | undefined {
  const title = `The input ${input.name}`;
  if (!input.isTensor) return `${title} is a sequence, a map or an optional value: expected a tensor.`;
  const { type, shape, name } = input;
  if (datatypeOf(type) === undefined)
    return `${title} has the datatype ${type}, which ONNX Runtime for Node.js cannot exchange: cast it to float32 in the model.`;
  for (const sizes of [shapes.get(name), limits.get(name)]) {
    if (sizes === undefined || shape.length === 0) continue;
    const fits =
      sizes.length === shape.length && sizes.every((size, i) => typeof shape[i] !== 'number' || shape[i] === size);
    if (!fits)
      return `${title} has the shape ${show(shape)}: expected as many sizes, the same where they are fixed, got ${show(sizes)}.`;
  }
  return undefined;
}

function findOutputFault(output: ValueMetadata): string | undefined {
  if (!output.isTensor)
    return (
      `The output ${output.name} is a sequence or a map: expected a tensor. With skl2onnx, export a classifier's probabilities as a tensor: ` +
      `to_onnx(model, ..., options={id(model): {'zipmap': False}}).`
    );
  if (datatypeOf(output.type) !== undefined) return undefined;
  return `The output ${output.name} has the datatype ${output.type}, which ONNX Runtime for Node.js cannot exchange: cast it to float32 in the model.`;
}

/** An input with sizes that the command line fixes. */
function toShaped(input: Value, wanted: readonly number[] | undefined): Value {
  if (wanted === undefined) return input;
  return { ...input, shape: wanted.map((size, i) => (size === -1 ? (input.shape[i] ?? '') : size)) };
}

/** Whether a free dimension comes first, or nothing is known of the dimensions of an output. */
function isCounted({ shape }: Value, place: number, all: readonly Value[]): boolean {
  return shape.length === 0 ? place === all.length - 1 && all.length > 1 : typeof shape[0] !== 'number';
}

const toSize = (size: number | string) => (typeof size === 'number' ? size : -1);

interface Bounds {
  readonly isSingle: boolean;
  readonly limit: readonly number[] | undefined;
  /** Without the dimension that counts rows. */
  readonly least: readonly number[] | undefined;
}

function toInput({ name, type, shape }: Value, { isSingle, limit, least }: Bounds): TensorSpec {
  const spec = { name, datatype: datatypeOf(type) as Datatype, shape: shape.map(toSize), isSingle };
  if (!isFree(spec)) return spec;
  const rows = isSingle ? [] : [-1];
  const own = (sizes: readonly number[]) => [...rows, ...sizes.slice(rows.length)];
  const usual = spec.shape.map((size, i) => (size === -1 ? Math.max(usualLimit, least?.[i - rows.length] ?? 0) : size));
  return { ...spec, ...(least && { minShape: [...rows, ...least] }), maxShape: own(limit ?? usual) };
}

interface Circumstances {
  readonly isSingle: boolean;
  /** Whether all inputs have fixed sizes beside the rows: then outputs have, as far as a run shows. */
  readonly isFixed: boolean;
  readonly answer: Answer | undefined;
}

function toOutput({ name, type, shape }: Value, { isSingle, isFixed, answer }: Circumstances): TensorSpec {
  const found = answer?.dims.get(name) ?? shape.map(toSize);
  const sizes = found.map((size, i) => {
    if (!isSingle && i === 0) return -1;
    const declared = shape[i];
    if (typeof declared === 'number') return declared;
    return isFixed && !isSingle ? size : -1;
  });
  return { name, datatype: datatypeOf(type) as Datatype, shape: sizes, isSingle };
}
