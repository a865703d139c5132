/** `inspect`: an ONNX file to a model directory with a card to complete. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName } from '../../model/card/card';
import { cardSchema, cardSchemaFileName } from '../../model/card/card-schema';
import { ModelRefusal } from '../../model/card/refusal';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { openSession, readSignature, type Signature } from '../../model/runtime/session';
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
  /** Whether a card that is there may be replaced. */
  readonly force: boolean;
}

const weightsName = 'model.onnx';
/** Enough that a transposed matrix of one column does not look like rows. */
const severalRows = 3;

/** Says in lines what was found and written. Throws when the file cannot be served, or a card is already there. */
export async function inspect({ path, out, force }: InspectOptions): Promise<readonly string[]> {
  if (existsSync(join(out, cardFileName)) && !force)
    throw new Error(`${join(out, cardFileName)} is there; say --force to replace it, or --out for another directory.`);
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
    `task      ${card.task}, as the outputs look`,
    `wrote     ${out}: ${weightsName}, ${cardFileName}, ${cardSchemaFileName}, ${samplesFileName}`,
    '',
    `Next: write what ${cardFileName} marks with TODO, and put rows of your data into ${samplesFileName}, with the answers of the`,
    'library that trained the model. What stands there is at most what the weights themselves answer to zeros. Then:',
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
    throw new Error(`${path} cannot be opened. Expected a model that ONNX Runtime opens. The runtime says: ${message}`);
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

/** What the name of a model may be made of is what paths take. */
function nameOf(path: string): string {
  const name = basename(path, '.onnx').replaceAll(/[^A-Za-z0-9_.-]+/g, '-');
  return /^[A-Za-z0-9]/.test(name) ? name : `model${name}`;
}

/**
 * One row of zeros and its answer; none where the draft does not know yet what to make of the answer, or the weights take no zeros.
 *
 * Throws when the outputs are not of the rows: such weights no card can describe.
 */
async function answerZeros(path: string, draft: Card): Promise<readonly object[]> {
  const card = { ...draft, weights: { ...draft.weights, file: basename(path) } };
  const session = await openSession(dirname(path), card, { threads: 1 });
  const [one, several] = [createTensors(card.inputs, 1), createTensors(card.inputs, severalRows)];
  const instance = card.features.map(({ input, shape = [] }) => zeros(card.inputs, input, shape));
  try {
    // What the weights do to several rows of zeros besides failing is for a check to tell, with real rows.
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

/** A zero, an empty string or false, as often as the value has places. */
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
