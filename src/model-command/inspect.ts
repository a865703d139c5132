/** `inspect`: an ONNX file to a model directory with a card to complete. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Card, cardFileName, readCardSchema } from '../model/card';
import { createPredictionWriters } from '../model/prediction';
import { samplesFileName } from '../model/samples';
import { openSession, readSignature, type Signature } from '../model/session';
import { createTensors, type TensorSpec } from '../model/tensors';
import { draftCard, type Weights } from './draft';
import { type OnnxVersions, readVersions } from './onnx-header';
import { toTensorSpecs } from './tensors-of';

export interface InspectOptions {
  readonly path: string;
  readonly out: string;
  /** Whether a card that is there may be replaced. */
  readonly force: boolean;
}

const weightsName = 'model.onnx';

/** Says in lines what was found and written. Throws when the file cannot be served, or a card is already there. */
export async function inspect({ path, out, force }: InspectOptions): Promise<readonly string[]> {
  if (existsSync(join(out, cardFileName)) && !force)
    throw new Error(`${join(out, cardFileName)} is there; say --force to replace it, or --out for another directory.`);
  const bytes = readFileSync(path);
  const { inputs, outputs } = toTensorSpecs(await read(path, bytes));
  const weights = describe(bytes, readVersions(bytes));
  const card = draftCard(nameOf(path), weights, inputs, outputs) as unknown as Card;

  mkdirSync(out, { recursive: true });
  copyFileSync(path, join(out, weightsName));
  writeJson(join(out, 'card.schema.json'), readCardSchema(out));
  writeJson(join(out, cardFileName), card);
  writeJson(join(out, samplesFileName), { samples: await answerZeros(out, card) });
  return [
    `inputs    ${inputs.map(toLine).join(', ')}`,
    `outputs   ${card.outputs.map((spec) => `${toLine(spec)} as ${spec.role}`).join(', ')}`,
    `task      ${card.task}, as the outputs look`,
    `wrote     ${out}: ${weightsName}, ${cardFileName}, card.schema.json, ${samplesFileName}`,
    '',
    `Next: write what ${cardFileName} marks with TODO, and put rows of your data into ${samplesFileName}, with the answers of the`,
    'library that trained the model. What stands there is at most what the weights themselves answer to zeros. Then:',
    '',
    `    npm run model -- check ${out}`,
  ];
}

async function read(path: string, bytes: Uint8Array): Promise<Signature> {
  try {
    return await readSignature(bytes);
  } catch (failure) {
    const { message } = failure as Error;
    const cure = /external/i.test(message)
      ? 'It keeps weights in other files; export it as one, such as with torch.onnx.export(..., external_data=False).'
      : 'Expected a model that ONNX Runtime opens.';
    throw new Error(`${path} cannot be opened. ${cure} The runtime says: ${message}`);
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

/** One row and its answer; none where the draft does not know yet what to make of the answer, or the weights take no zeros. */
async function answerZeros(directory: string, card: Card): Promise<readonly object[]> {
  const session = await openSession(directory, card, { threads: 1 });
  const row = createTensors(card.inputs, 1);
  const instance = card.features.map(({ input, shape = [] }) => zeros(card.inputs, input, shape));
  try {
    const outputs = await session.run(() => row);
    return [{ instance, prediction: JSON.parse(createPredictionWriters(card).prediction(outputs, 0)) }];
  } catch {
    return [];
  } finally {
    await session.release();
  }
}

/** A zero, an empty string or false, as often as the value has places. */
function zeros(inputs: readonly TensorSpec[], input: string, [length, ...inner]: readonly number[]): unknown {
  if (length !== undefined) return Array.from({ length }, () => zeros(inputs, input, inner));
  const datatype = inputs.find(({ name }) => name === input)?.datatype;
  if (datatype === 'BYTES') return '';
  return datatype === 'BOOL' ? false : 0;
}

function toLine({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype}[${shape.join(', ')}]`;
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
