/** `inspect`: makes a model directory from an ONNX file, with a card to complete. */
import { copyFileSync, createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { samplesFileName } from '../../model/acceptance/golden-samples';
import { type Card, cardFileName, toCard, type WeightsFile } from '../../model/card/card';
import { cardSchema, cardSchemaFileName } from '../../model/card/card-schema';
import type { TensorSpec } from '../../model/tensors/tensors';
import { type OnnxVersions, readVersions } from '../../model/weights/onnx-header';
import { inspectWeights } from '../../model/weights/weights';
import { createSha256, sha256 } from '../../sha256';
import { UsageError } from '../command-line.cjs';
import { openFile } from '../open-file';
import { draftCard, type Weights } from './draft';
import { answerExample } from './draft-example';
import { type DraftOptions, type DraftTensors, draftTensors } from './draft-tensors';
import { type DraftTokenizer, limitTokens, readTokenizer, tokenizerName } from './draft-tokenizer';

export interface InspectOptions {
  readonly path: string;
  readonly out: string;
  /** Whether to replace an existing card. */
  readonly force: boolean;
  readonly draft: DraftOptions;
  /** Path of the tokenizer's file, for a model that takes texts. */
  readonly tokenizer?: string | undefined;
}

const weightsName = 'model.onnx';
/** Returns a report of what was found and written. Throws if the file cannot be served or a card already exists. */
export async function inspect({ path, out, force, draft, tokenizer }: InspectOptions): Promise<readonly string[]> {
  if (existsSync(join(out, cardFileName)) && !force)
    throw new UsageError(
      `${join(out, cardFileName)} exists; use --force to replace it, or --out for another directory.`,
    );
  const texts = tokenizer === undefined ? undefined : readTokenizer(tokenizer);
  const drafted = await draftFrom(path, draft, texts);
  const bytes = readFileSync(path);
  const others = inspectWeights(bytes).otherFiles;
  const files = await Promise.all(others.map((name) => describeOther(dirname(path), name)));
  const weights = { ...describe(bytes, readVersions(bytes)), ...(files.length > 0 && { files }) };
  const document = draftCard(nameOf(path), weights, drafted, texts);
  const card = toCard(document as unknown as Card);

  mkdirSync(out, { recursive: true });
  if (texts !== undefined) copyFileSync(texts.path, join(out, tokenizerName));
  const samples = await answerExample(path, out, card, drafted.triedSizes);

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
    `wrote     ${out}: ${[weightsName, ...files.map(({ file }) => file), ...(texts === undefined ? [] : [tokenizerName])].join(', ')}, ${cardFileName}, ${cardSchemaFileName}, ${samplesFileName}`,
    '',
    `Next: fill in what ${cardFileName} marks TODO, and put rows of your data into ${samplesFileName}, with the predictions of the`,
    'library that trained the model. It now holds at most the prediction of these weights for one that is made up. Then:',
    '',
    `    npm run model -- check ${out}`,
  ];
}

async function draftFrom(path: string, options: DraftOptions, texts?: DraftTokenizer): Promise<DraftTensors> {
  const opened = await openFile(path);
  try {
    return draftTensors(path, opened, texts === undefined ? options : limitTokens(texts, opened, options));
  } finally {
    await opened.release();
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

/** A file in which the weights keep tensors, often of more bytes than one buffer has. Rejects when it does not lie beside them. */
async function describeOther(directory: string, file: string): Promise<WeightsFile> {
  if (file !== basename(file) || file === '')
    throw new Error(
      `The model keeps tensors in ${JSON.stringify(file)}: expected a file beside it. Save it again as one file: onnx.save(onnx.load(path), path).`,
    );
  const hash = createSha256();
  let bytes = 0;
  for await (const piece of createReadStream(join(directory, file)) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { file, sha256: hash.digest('hex'), bytes };
}

/** A model name may hold only characters that are safe in a URL path. */
function nameOf(path: string): string {
  const name = basename(path, '.onnx').replaceAll(/[^A-Za-z0-9_.-]+/g, '-');
  return /^[A-Za-z0-9]/.test(name) ? name : `model${name}`;
}

function toLine({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype}[${shape.join(', ')}]`;
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
