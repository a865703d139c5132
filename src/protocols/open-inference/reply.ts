/** Encodes the model's outputs as an inference response: JSON, or JSON followed by binary tensors. */
import { bodyLength, type HttpReply, jsonHeaders } from '../../http/message';
import type { Outputs } from '../../model/batching/predict';
import type { Card } from '../../model/card/card';
import type { ModelLimits } from '../../model/model';
import { type Datatype, datatypes } from '../../model/tensors/datatypes';
import { haveEqualSizes } from '../../model/tensors/row-tensors';
import {
  type Elements,
  isFree,
  isRowTensors,
  type RowSpan,
  type RowTensor,
  rowSizes,
  rowWidth,
  shapeOfRows,
  type TensorData,
  type TensorSpec,
} from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Work } from '../../turns';
import { checkReplyLength, createReplyText, type ReplyText } from '../shared/reply-text';
import { encodeBinary, encodeNumbers } from './binary-data';
import { classesDatatype, classesSpec, classify } from './classification';
import type { Answered } from './outputs';

const binaryHeaders = ['content-type', 'application/octet-stream', 'x-content-type-options', 'nosniff'];

export interface Part {
  readonly data: Elements;
  readonly from: number;
  readonly to: number;
}

export interface InferenceReply {
  readonly card: Card;
  readonly id: string | undefined;
  readonly answered: readonly Answered[];
  readonly rows: number;
  readonly parameters?: Readonly<Record<string, string | number>> | undefined;
}

/** The response for `rows` rows. */
export function* encodeReply(reply: InferenceReply, outputs: Outputs, { maxReplyBytes }: ModelLimits): Work<HttpReply> {
  const { card, id, parameters, answered } = reply;
  const limit = { maxBytes: maxReplyBytes };
  const text = createReplyText(limit);
  const binary: Buffer[] = [];
  text.add(`{"model_name":${JSON.stringify(card.name)},"model_version":${JSON.stringify(card.version)},`);
  if (id !== undefined) text.add(`"id":${JSON.stringify(id)},`);
  if (parameters !== undefined) text.add(`"parameters":${JSON.stringify(parameters)},`);
  text.add('"outputs":[');
  for (const [i, output] of answered.entries()) {
    text.add(`${i > 0 ? ',' : ''}${toHead(output, reply.rows, outputs)}`);
    if (output.isBinary) {
      const pieces = toNumberPieces(output, outputs) ?? (yield* toPieces(output, outputs, card));
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

function toHead(output: Answered, rows: number, outputs: Outputs): string {
  const { name, datatype, shape } = headOf(output, rows, outputs);
  return `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}],`;
}

/** Name, datatype and shape of an output as it is answered. Throws when the sizes of its rows differ. */
export function headOf({ spec, index, classes }: Answered, rows: number, outputs: Outputs): TensorSpec {
  const written = classes === undefined ? spec : classesSpec(spec, classes);
  const sizes = isFree(written) ? commonSizes(written, index, outputs) : rowSizes(written);
  const { name, datatype } = written;
  return { name, datatype, shape: shapeOfRows(written, rows, sizes) };
}

/** The sizes that all rows have, as rows of one tensor must. */
function commonSizes({ name }: TensorSpec, index: number, outputs: Outputs): readonly number[] {
  const rows = outputs.flatMap(({ tensors, from, to }) =>
    (tensors.data[index] as readonly RowTensor[]).slice(from, to),
  );
  const [first] = rows as [RowTensor];
  const other = rows.find((row) => !haveEqualSizes(first, row));
  if (other === undefined) return first.sizes;
  const detail = `The output ${name} has the sizes [${first.sizes}] for one row and [${other.sizes}] for another, which one tensor cannot hold. Send each row in a request of its own.`;
  throw new Problem('invalid-input', detail);
}

/** The elements of one span of an output. */
export function* elementsOf(output: Answered, span: RowSpan, { labels }: Card): Work<readonly Part[]> {
  const { spec, index, classes, derive } = output;
  if (derive !== undefined) {
    const derived = yield* derive(span);
    return [{ data: derived, from: 0, to: derived.length }];
  }
  if (classes === undefined) return partsOf(output, span);
  const strings = yield* classify(span.tensors.data[index] as Elements, span, spec, classes, labels);
  return [{ data: strings, from: 0, to: strings.length }];
}

/** The elements as the model gave them. */
function partsOf({ spec, index }: Answered, { tensors, from, to }: RowSpan): readonly Part[] {
  const data = tensors.data[index] as TensorData;
  if (isRowTensors(data)) return data.slice(from, to).map((row) => ({ data: row.data, from: 0, to: row.data.length }));
  const width = rowWidth(spec);
  return [{ data: data as Elements, from: from * width, to: to * width }];
}

function answeredDatatype({ classes, spec }: Answered): Datatype {
  return classes === undefined ? spec.datatype : classesDatatype;
}

/** The bytes of an output of numbers, at once: generators would cost a request of one row 6 % of its time. Undefined for what takes work. */
export function toNumberPieces(output: Answered, outputs: Outputs): Buffer[] | undefined {
  const { spec, classes, derive } = output;
  if (classes !== undefined || derive !== undefined) return undefined;
  const pieces: Buffer[] = [];
  for (const span of outputs) {
    for (const { data, from, to } of partsOf(output, span)) {
      const bytes = encodeNumbers(spec.datatype, data, from, to);
      if (bytes === undefined) return undefined;
      pieces.push(bytes);
    }
  }
  return pieces;
}

export function* toPieces(output: Answered, outputs: Outputs, card: Card): Work<Buffer[]> {
  const pieces: Buffer[] = [];
  const datatype = answeredDatatype(output);
  for (const span of outputs) {
    for (const { data, from, to } of yield* elementsOf(output, span, card))
      pieces.push(...(yield* encodeBinary(datatype, data, from, to)));
  }
  return pieces;
}

function* writeData(text: ReplyText, output: Answered, outputs: Outputs, card: Card): Work<void> {
  const { write } = datatypes[answeredDatatype(output)];
  let comma = '';
  text.add('"data":[');
  for (const span of outputs) {
    for (const { data, from, to } of yield* elementsOf(output, span, card))
      for (let at = from; at < to; at++) {
        if (text.add(comma + write(data[at]))) yield;
        comma = ',';
      }
  }
  text.add(']}');
}
