/** Encodes the model's outputs as a `ModelInferResponse`: as bytes, or as typed contents for who sent those. */
import { bodyLength } from '../../../http/message';
import type { Outputs } from '../../../model/batching/predict';
import type { ModelLimits } from '../../../model/model';
import { datatypes } from '../../../model/tensors/datatypes';
import type { TensorSpec } from '../../../model/tensors/tensors';
import { longVarint, packedField, prefixOf, textField } from '../../../protobuf/write';
import type { Work } from '../../../turns';
import { checkReplyLength } from '../../shared/reply-text';
import { type Answered, elementsOf, headOf, type InferenceReply, type Part, toPieces } from '../reply';
import { type ContentField, contentFields } from './contents';

const fields = { modelName: 1, modelVersion: 2, id: 3, outputs: 5, raw: 6 } as const;
const tensorFields = { name: 1, datatype: 2, shape: 3, contents: 5 } as const;
/** Elements written between two looks at the clock. */
const perStep = 512;

/** Whether all of these can be typed contents, as either all or none must be. */
function haveContents(heads: readonly TensorSpec[]): boolean {
  return heads.every(({ datatype }) => contentFields[datatype] !== undefined);
}

/** The parts of the message. */
export function* encodeInferReply(
  { card, id, answered, rows }: InferenceReply,
  outputs: Outputs,
  { maxReplyBytes }: ModelLimits,
): Work<Buffer[]> {
  const heads = answered.map((output) => headOf(output, rows, outputs));
  const isTyped = answered.some(({ isBinary }) => !isBinary) && haveContents(heads);
  const parts = [textField(fields.modelName, card.name), textField(fields.modelVersion, card.version)];
  const raw: Buffer[] = [];
  if (id !== undefined) parts.push(textField(fields.id, id));
  for (const [i, output] of answered.entries()) {
    const head = heads[i] as TensorSpec;
    const contents = isTyped ? yield* toContents(output, head, outputs, card) : [];
    parts.push(...toTensor(head, contents));
    if (!isTyped) {
      const pieces = yield* toPieces(output, outputs, card);
      raw.push(prefixOf(fields.raw, bodyLength(pieces)), ...pieces);
    }
    checkReplyLength(bodyLength(parts) + bodyLength(raw), { maxBytes: maxReplyBytes });
  }
  return [...parts, ...raw];
}

function toTensor({ name, datatype, shape }: TensorSpec, contents: readonly Buffer[]): Buffer[] {
  const head = Buffer.concat([
    textField(tensorFields.name, name),
    textField(tensorFields.datatype, datatype),
    packedField(tensorFields.shape, shape),
  ]);
  const body = contents.length === 0 ? [] : [prefixOf(tensorFields.contents, bodyLength(contents)), ...contents];
  return [prefixOf(fields.outputs, head.length + bodyLength(body)), head, ...body];
}

function* toContents(
  output: Answered,
  { datatype }: TensorSpec,
  outputs: Outputs,
  card: InferenceReply['card'],
): Work<Buffer[]> {
  const field = contentFields[datatype] as ContentField;
  if (field.bytes !== undefined) {
    const pieces = yield* toPieces(output, outputs, card);
    return [prefixOf(field.number, bodyLength(pieces)), ...pieces];
  }
  const isLong = datatypes[datatype].isLong;
  const parts: Buffer[] = [];
  for (const span of outputs)
    for (const part of yield* elementsOf(output, span, card))
      parts.push(...(yield* writeElements(part, field, isLong)));
  return parts;
}

/** A packed field for each step: readers join them. */
function* writeElements({ data, from, to }: Part, field: ContentField, isLong: boolean): Work<Buffer[]> {
  const parts: Buffer[] = [];
  for (let at = from; at < to; at += perStep) {
    const step = Array.from(data.slice(at, Math.min(to, at + perStep)) as ArrayLike<unknown>);
    if (field.isText === true) parts.push(...step.map((text) => textField(field.number, String(text))));
    else parts.push(packElements(step as (number | bigint)[], field.number, isLong));
    yield;
  }
  return parts;
}

function packElements(elements: readonly (number | bigint)[], number: number, isLong: boolean): Buffer {
  if (!isLong) return packedField(number, elements as readonly number[]);
  const bytes = elements.flatMap((element) => longVarint(BigInt(element)));
  return Buffer.concat([prefixOf(number, bytes.length), Buffer.from(bytes)]);
}
