/** `inspect`: makes a model directory from an ONNX file, with a card to complete. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName, type Feature, toCard, type WeightsFile } from '../../model/card/card';
import { cardSchema, cardSchemaFileName } from '../../model/card/card-schema';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { type OpenedWeights, openSession, openWeights } from '../../model/runtime/session';
import { datatypes } from '../../model/tensors/datatypes';
import {
  createData,
  createTensors,
  elementCount,
  isFree,
  type TensorSpec,
  type Tensors,
} from '../../model/tensors/tensors';
import { type OnnxVersions, readVersions } from '../../model/weights/onnx-header';
import { inspectWeights } from '../../model/weights/weights';
import { sha256 } from '../../sha256';
import { draftCard, type Weights } from './draft';
import { type DraftOptions, type DraftTensors, draftTensors } from './draft-tensors';

export interface InspectOptions {
  readonly path: string;
  readonly out: string;
  /** Whether to replace an existing card. */
  readonly force: boolean;
  readonly draft: DraftOptions;
}

const weightsName = 'model.onnx';
/** Of ONNX, by number. */
const rareDatatypes: Readonly<Record<string, string>> = { 14: 'complex64', 15: 'complex128', 16: 'bfloat16' };

/** Returns a report of what was found and written. Throws if the file cannot be served or a card already exists. */
export async function inspect({ path, out, force, draft }: InspectOptions): Promise<readonly string[]> {
  if (existsSync(join(out, cardFileName)) && !force)
    throw new Error(`${join(out, cardFileName)} exists; use --force to replace it, or --out for another directory.`);
  const bytes = readFileSync(path);
  const drafted = await draftFrom(path, draft);
  const files = inspectWeights(bytes).otherFiles.map((name) => describeOther(dirname(path), name));
  const weights = { ...describe(bytes, readVersions(bytes)), ...(files.length > 0 && { files }) };
  const document = draftCard(nameOf(path), weights, drafted);
  const card = toCard(document as unknown as Card);

  const samples = await answerZeros(path, card, drafted.triedSizes);

  mkdirSync(out, { recursive: true });
  copyFileSync(path, join(out, weightsName));
  for (const { file } of files) copyFileSync(join(dirname(path), file), join(out, file));
  writeJson(join(out, cardSchemaFileName), cardSchema);
  writeJson(join(out, cardFileName), document);
  writeJson(join(out, samplesFileName), { samples });
  return [
    `inputs    ${card.inputs.map(toLine).join(', ')}`,
    `outputs   ${card.outputs.map((spec) => `${toLine(spec)} as ${spec.role}`).join(', ')}`,
    `runs      ${drafted.runs === 'rows' ? 'on rows: instances share a run' : 'on single instances: each is a run of its own'}`,
    `task      ${card.task}, guessed from the outputs`,
    ...drafted.notes.map((text) => `note      ${text}`),
    `wrote     ${out}: ${[weightsName, ...files.map(({ file }) => file)].join(', ')}, ${cardFileName}, ${cardSchemaFileName}, ${samplesFileName}`,
    '',
    `Next: fill in what ${cardFileName} marks TODO, and put rows of your data into ${samplesFileName}, with the predictions of the`,
    'library that trained the model. It now holds at most the prediction of these weights for a row of zeros. Then:',
    '',
    `    npm run model -- check ${out}`,
  ];
}

async function draftFrom(path: string, options: DraftOptions): Promise<DraftTensors> {
  const opened = await open(path);
  try {
    return draftTensors(path, opened, options);
  } finally {
    await opened.release();
  }
}

async function open(path: string): Promise<OpenedWeights> {
  try {
    return await openWeights(path);
  } catch (failure) {
    const { message } = failure as Error;
    const [, code] = /Unsupported data type: (\d+)/.exec(message) ?? [];
    if (code !== undefined)
      throw new Error(
        `${path} has an input or output of ${rareDatatypes[code] ?? `datatype ${code}`}, which ONNX Runtime for Node.js cannot exchange: cast it to float32 in the model.`,
      );
    throw new Error(`Cannot open ${path}: expected a model that ONNX Runtime can load, got the error: ${message}`);
  }
}

function describe(bytes: Uint8Array, { irVersion, opsets }: OnnxVersions): Weights {
  const [opset, mlOpset] = [opsets.get(''), opsets.get('ai.onnx.ml')];
  return {
    file: weightsName,
    sha256: sha256(bytes),
    bytes: bytes.length,
    ...(opset !== undefined && { opset }),
    ...(mlOpset !== undefined && { mlOpset }),
    ...(irVersion !== undefined && { irVersion }),
  };
}

/** A file in which the weights keep tensors. Throws when it does not lie beside them. */
function describeOther(directory: string, file: string): WeightsFile {
  if (file !== basename(file) || file === '')
    throw new Error(
      `The model keeps tensors in ${JSON.stringify(file)}: expected a file beside it. Save it again as one file: onnx.save(onnx.load(path), path).`,
    );
  const bytes = readFileSync(join(directory, file));
  return { file, sha256: sha256(bytes), bytes: bytes.length };
}

/** A model name may hold only characters that are safe in a URL path. */
function nameOf(path: string): string {
  const name = basename(path, '.onnx').replaceAll(/[^A-Za-z0-9_.-]+/g, '-');
  return /^[A-Za-z0-9]/.test(name) ? name : `model${name}`;
}

/** An instance of zeros and its prediction; none if the draft card cannot write it yet, or the weights fail on zeros. */
async function answerZeros(path: string, draft: Card, sizes: DraftTensors['triedSizes']): Promise<readonly object[]> {
  if (sizes === undefined) return [];
  const card = { ...draft, weights: { ...draft.weights, file: basename(path) } };
  const session = await openSession(dirname(path), card, { threads: 1 });
  try {
    const outputs = await session.attempt(() => createZeros(card.inputs, sizes));
    const instance = card.features.map((feature) => zerosOf(feature, card, sizes));
    return [{ instance, prediction: JSON.parse(createPredictionWriters(card).prediction(outputs, 0)) }];
  } catch {
    return [];
  } finally {
    await session.release();
  }
}

function createZeros(inputs: readonly TensorSpec[], sizes: readonly (readonly number[])[]): Tensors {
  const { data } = createTensors(inputs, 1);
  const free = (spec: TensorSpec, i: number) => {
    const own = sizes[i] as readonly number[];
    return isFree(spec) ? [{ sizes: own, data: createData(spec.datatype, elementCount(own)) }] : data[i];
  };
  return { rows: 1, data: inputs.map(free) as Tensors['data'] };
}

/** The zeros of a feature, which fills the last of its input's sizes. */
function zerosOf({ input, shape = [] }: Feature, { inputs }: Card, sizes: readonly (readonly number[])[]): unknown {
  const own = sizes[inputs.findIndex(({ name }) => name === input)] as readonly number[];
  const tried = own.slice(own.length - shape.length);
  return zeros(
    inputs,
    input,
    shape.map((size, i) => (size === -1 ? (tried[i] as number) : size)),
  );
}

/** Zeros, empty strings or false in the given shape. */
function zeros(inputs: readonly TensorSpec[], input: string, [length, ...inner]: readonly number[]): unknown {
  if (length !== undefined) return Array.from({ length }, () => zeros(inputs, input, inner));
  const { datatype } = inputs.find(({ name }) => name === input) as TensorSpec;
  return datatypes[datatype].zero;
}

function toLine({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype}[${shape.join(', ')}]`;
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
