/** Encodes the model's outputs as an inference response: JSON, or JSON followed by binary tensors. */
import { bodyLength, type HttpReply, jsonHeaders } from '../../http/message';
import type { Outputs } from '../../model/batching/predict';
import type { Card } from '../../model/card/card';
import type { ModelLimits } from '../../model/model';
import { datatypes } from '../../model/tensors/datatypes';
import { type RowSpan, rowWidth, type TensorData, type TensorSpec } from '../../model/tensors/tensors';
import type { Work } from '../../turns';
import { expected, invalid, oneOf } from '../shared/faults';
import { checkReplyLength, createReplyText, type ReplyText } from '../shared/reply-text';
import { encodeBinary } from './binary-data';
import { classesDatatype, classesSpec, classify } from './classification';
import type { InferenceRequest } from './request';

const binaryHeaders = ['content-type', 'application/octet-stream', 'x-content-type-options', 'nosniff'];

/** A requested output: its index among the model's outputs, and its encoding. */
interface Answered {
  readonly spec: TensorSpec;
  readonly index: number;
  readonly isBinary: boolean;
  readonly classes: number | undefined;
}

/** Selects the requested outputs. Throws `invalid-input` for unknown names, and `reply-too-large` before anything runs. */
export function chooseOutputs(
  card: Card,
  { outputs, isBinary }: InferenceRequest,
  rows: number,
  maxBytes: number,
): Answered[] {
  const answered = outputs === undefined ? allOutputs(card, isBinary) : outputs.map((output) => find(card, output));
  const least = answered.reduce((sum, output) => sum + rows * leastBytesOfRow(output), 0);
  checkReplyLength(least, { maxBytes });
  return answered;
}

/** At least a digit and a comma per number, and a length prefix or two quotes and a comma per string. */
function leastBytesOfRow({ spec, isBinary, classes }: Answered): number {
  const width = rowWidth(spec);
  if (classes !== undefined) return Math.min(classes, width) * '"0:0",'.length;
  const { bytes } = datatypes[spec.datatype];
  if (bytes === undefined) return width * '"",'.length;
  return width * (isBinary ? bytes : '0,'.length);
}

function allOutputs({ outputs }: Card, isBinary: boolean): Answered[] {
  return outputs.map((spec, index) => ({ spec, index, isBinary, classes: undefined }));
}

function find({ outputs }: Card, requested: NonNullable<InferenceRequest['outputs']>[number]): Answered {
  const { pointer, name, isBinary, classes } = requested;
  const index = outputs.findIndex((output) => output.name === name);
  const spec = outputs[index];
  if (spec === undefined) throw expected(`${pointer}/name`, `the output ${oneOf(outputs.map((o) => o.name))}`, name);
  if (classes !== undefined && !datatypes[spec.datatype].isNumeric)
    throw invalid(`${pointer}/parameters/classification`, `${name}: expected a numeric output, got ${spec.datatype}`);
  return { spec, index, isBinary, classes };
}

interface Elements {
  readonly data: TensorData;
  readonly from: number;
  readonly to: number;
}

export interface InferenceReply {
  readonly card: Card;
  readonly id: string | undefined;
  readonly answered: readonly Answered[];
  readonly rows: number;
}

/** The response for `rows` rows. */
export function* encodeReply(reply: InferenceReply, outputs: Outputs, { maxReplyBytes }: ModelLimits): Work<HttpReply> {
  const { card, id, answered } = reply;
  const limit = { maxBytes: maxReplyBytes };
  const text = createReplyText(limit);
  const binary: Buffer[] = [];
  text.add(`{"model_name":${JSON.stringify(card.name)},"model_version":${JSON.stringify(card.version)},`);
  if (id !== undefined) text.add(`"id":${JSON.stringify(id)},`);
  text.add('"outputs":[');
  for (const [i, output] of answered.entries()) {
    text.add(`${i > 0 ? ',' : ''}${toHead(output, reply.rows)}`);
    if (output.isBinary) {
      const pieces = yield* toPieces(output, outputs, card);
      binary.push(...pieces);
      checkReplyLength(bodyLength(binary), limit);
      text.add(`"parameters":{"binary_data_size":${bodyLength(pieces)}}}`);
    } else yield* writeData(text, output, outputs, card);
  }
  text.add(']}');
  const json = text.end();
  if (!answered.some(({ isBinary }) => isBinary)) return { status: 200, headers: jsonHeaders, body: json };
  const head = typeof json === 'string' ? [Buffer.from(json)] : (json as readonly Buffer[]);
  const headers = [...binaryHeaders, 'inference-header-content-length', String(bodyLength(head))];
  return { status: 200, headers, body: [...head, ...binary] };
}

function toHead({ spec, classes }: Answered, rows: number): string {
  const { name, datatype, shape } = classes === undefined ? spec : classesSpec(spec, classes);
  return `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${[rows, ...shape.slice(1)].join(',')}],`;
}

/** Encodes elements `from` to `to` of `data`, one span of an output. */
function* elementsOf({ spec, index, classes }: Answered, span: RowSpan, { labels }: Card): Work<Elements> {
  const data = span.tensors.data[index] as TensorData;
  const width = rowWidth(spec);
  if (classes === undefined) return { data, from: span.from * width, to: span.to * width };
  const strings = yield* classify(data, span, spec, classes, labels);
  return { data: strings, from: 0, to: strings.length };
}

function* toPieces(output: Answered, outputs: Outputs, card: Card): Work<Buffer[]> {
  const pieces: Buffer[] = [];
  for (const span of outputs) {
    const { data, from, to } = yield* elementsOf(output, span, card);
    pieces.push(...(yield* encodeBinary(data, from, to)));
  }
  return pieces;
}

function* writeData(text: ReplyText, output: Answered, outputs: Outputs, card: Card): Work<void> {
  const { write } = datatypes[output.classes === undefined ? output.spec.datatype : classesDatatype];
  let comma = '';
  text.add('"data":[');
  for (const span of outputs) {
    const { data, from, to } = yield* elementsOf(output, span, card);
    for (let at = from; at < to; at++) {
      if (text.add(comma + write(data[at]))) yield;
      comma = ',';
    }
  }
  text.add(']}');
}
