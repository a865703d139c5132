/** `inspect`: makes a model directory from an ONNX file, with a card to complete. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName } from '../../model/card/card';
import { cardSchema, cardSchemaFileName } from '../../model/card/card-schema';
import { ModelRefusal } from '../../model/card/refusal';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { openSession, readSignature } from '../../model/runtime/session';
import type { Signature } from '../../model/runtime/signature';
import { datatypes } from '../../model/tensors/datatypes';
import { OutputMisfit } from '../../model/tensors/outputs';
import { createTensors, type TensorSpec } from '../../model/tensors/tensors';
import { type OnnxVersions, readVersions } from '../../model/weights/onnx-header';
import { inspectWeights } from '../../model/weights/weights';
import { draftCard, type Weights } from './draft';
import { toTensorSpecs } from './tensors-of';

export interface InspectOptions {
  readonly path: string;
  readonly out: string;
  /** Whether to replace an existing card. */
  readonly force: boolean;
}

const weightsName = 'model.onnx';
/** More than one, so that a transposed output does not look like rows. */
const severalRows = 3;

/** Returns a report of what was found and written. Throws if the file cannot be served or a card already exists. */
export async function inspect({ path, out, force }: InspectOptions): Promise<readonly string[]> {
  if (existsSync(join(out, cardFileName)) && !force)
    throw new Error(`${join(out, cardFileName)} exists; use --force to replace it, or --out for another directory.`);
  const bytes = readFileSync(path);
  const { inputs, outputs } = toTensorSpecs(await read(path, bytes));
  const weights = describe(bytes, readVersions(bytes));
  const card = draftCard(nameOf(path), weights, inputs, outputs) as unknown as Card;

  const samples = await answerZeros(path, card);

  mkdirSync(out, { recursive: true });
  copyFileSync(path, join(out, weightsName));
  writeJson(join(out, cardSchemaFileName), cardSchema);
  writeJson(join(out, cardFileName), card);
  writeJson(join(out, samplesFileName), { samples });
  return [
    `inputs    ${inputs.map(toLine).join(', ')}`,
    `outputs   ${card.outputs.map((spec) => `${toLine(spec)} as ${spec.role}`).join(', ')}`,
    `task      ${card.task}, guessed from the outputs`,
    `wrote     ${out}: ${weightsName}, ${cardFileName}, ${cardSchemaFileName}, ${samplesFileName}`,
    '',
    `Next: fill in what ${cardFileName} marks TODO, and put rows of your data into ${samplesFileName}, with the predictions of the`,
    'library that trained the model. It now holds at most the prediction of these weights for a row of zeros. Then:',
    '',
    `    npm run model -- check ${out}`,
  ];
}

async function read(path: string, bytes: Uint8Array): Promise<Signature> {
  try {
    inspectWeights(path, bytes);
    return await readSignature(bytes);
  } catch (failure) {
    if (failure instanceof ModelRefusal) throw failure;
    const { message } = failure as Error;
    throw new Error(`Cannot open ${path}: expected a model that ONNX Runtime can load, got the error: ${message}`);
  }
}

function describe(bytes: Uint8Array, { irVersion, opsets }: OnnxVersions): Weights {
  const [opset, mlOpset] = [opsets.get(''), opsets.get('ai.onnx.ml')];
  return {
    file: weightsName,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    ...(opset !== undefined && { opset }),
    ...(mlOpset !== undefined && { mlOpset }),
    ...(irVersion !== undefined && { irVersion }),
  };
}

/** A model name may hold only characters that are safe in a URL path. */
function nameOf(path: string): string {
  const name = basename(path, '.onnx').replaceAll(/[^A-Za-z0-9_.-]+/g, '-');
  return /^[A-Za-z0-9]/.test(name) ? name : `model${name}`;
}

/**
 * A row of zeros and its prediction; empty if the draft card cannot write it yet, or the weights fail on zeros.
 *
 * Throws if the outputs are not per row: no card can describe such weights.
 */
async function answerZeros(path: string, draft: Card): Promise<readonly object[]> {
  const card = { ...draft, weights: { ...draft.weights, file: basename(path) } };
  const session = await openSession(dirname(path), card, { threads: 1 });
  const [one, several] = [createTensors(card.inputs, 1), createTensors(card.inputs, severalRows)];
  const instance = card.features.map(({ input, shape = [] }) => zeros(card.inputs, input, shape));
  try {
    // Other failures on several rows of zeros are left to `check`, with real rows.
    await session.attempt(() => several).catch(throwMisfit);
    const outputs = await session.attempt(() => one);
    return [{ instance, prediction: JSON.parse(createPredictionWriters(card).prediction(outputs, 0)) }];
  } catch (failure) {
    if (failure instanceof OutputMisfit) throw new Error(`${path} does not answer row by row. ${failure.message}`);
    return [];
  } finally {
    await session.release();
  }
}

function throwMisfit(failure: unknown): void {
  if (failure instanceof OutputMisfit) throw failure;
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
