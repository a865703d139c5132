/** Encodes the model's outputs as a `ModelInferResponse`: as bytes, or as typed contents for who sent those. */
import { bodyLength } from '../../../http/message';
import type { Outputs } from '../../../model/batching/predict';
import type { Card } from '../../../model/card/card';
import type { ModelLimits } from '../../../model/model';
import { datatypes } from '../../../model/tensors/datatypes';
import { isFree, type TensorSpec } from '../../../model/tensors/tensors';
import { longVarint, packedField, prefixOf, textField } from '../../../protobuf/write';
import type { Work } from '../../../turns';
import { checkReplyLength } from '../../shared/reply-text';
import type { Answered } from '../outputs';
import { elementsOf, headOf, type InferenceReply, type Part, toNumberPieces, toPieces } from '../reply';
import { type ContentField, contentFields } from './contents';
import { writeParameters } from './parameters';

const fields = { modelName: 1, modelVersion: 2, id: 3, parameters: 4, outputs: 5, raw: 6 } as const;
const tensorFields = { name: 1, datatype: 2, shape: 3, contents: 5 } as const;
/** Elements written between two looks at the clock. */
const perStep = 512;

/** Whether all of these can be typed contents, as either all or none must be. */
function haveContents(answered: readonly Answered[], outputs: Outputs, rows: number): boolean {
  return answered.every((output) => contentFields[headOf(output, rows, outputs).datatype] !== undefined);
}

/** The parts of the message. */
export function* encodeInferReply(
  { card, id, parameters, answered, rows }: InferenceReply,
  outputs: Outputs,
  { maxReplyBytes }: ModelLimits,
): Work<Buffer[]> {
  const parts = [toModel(card)];
  if (id !== undefined) parts.push(textField(fields.id, id));
  if (parameters !== undefined) parts.push(writeParameters(fields.parameters, parameters));
  const isTyped = answered.some(({ isBinary }) => !isBinary) && haveContents(answered, outputs, rows);
  const raw: Buffer[] = [];
  for (const output of answered) {
    if (isTyped) {
      const head = headOf(output, rows, outputs);
      parts.push(...toTensor(head, yield* toContents(output, head, outputs, card)));
    } else {
      const pieces = toNumberPieces(output, outputs) ?? (yield* toPieces(output, outputs, card));
      const length = bodyLength(pieces);
      const { head, rawPrefix } = toHeads(output, rows, length, outputs);
      parts.push(head);
      raw.push(rawPrefix, ...pieces);
    }
    checkReplyLength(bodyLength(parts) + bodyLength(raw), { maxBytes: maxReplyBytes });
  }
  return [...parts, ...raw];
}

const models = new WeakMap<Card, Buffer>();

/** Name and version, the same in every answer of a model. */
function toModel(card: Card): Buffer {
  const known = models.get(card);
  if (known !== undefined) return known;
  const bytes = Buffer.concat([textField(fields.modelName, card.name), textField(fields.modelVersion, card.version)]);
  models.set(card, bytes);
  return bytes;
}

/** What stands before the elements of an output, for so many rows of so many bytes. */
interface Heads {
  readonly rows: number;
  readonly length: number;
  readonly head: Buffer;
  readonly rawPrefix: Buffer;
}

/** The last heads of each output of fixed sizes: most answers have as many rows as the one before. */
const lastHeads = new WeakMap<TensorSpec, Heads>();

function toHeads(output: Answered, rows: number, length: number, outputs: Outputs): Heads {
  const { spec, classes } = output;
  const isFixed = classes === undefined && !isFree(spec);
  const last = isFixed ? lastHeads.get(spec) : undefined;
  if (last !== undefined && last.rows === rows && last.length === length) return last;
  const head = Buffer.concat(toTensor(headOf(output, rows, outputs), []));
  const heads = { rows, length, head, rawPrefix: prefixOf(fields.raw, length) };
  if (isFixed) lastHeads.set(spec, heads);
  return heads;
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
