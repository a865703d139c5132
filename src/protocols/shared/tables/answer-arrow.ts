/** Answers with an Arrow stream: a column for the label, each share, each value, and each output of its own. */
import { type WrittenColumn, writeStream } from '../../../arrow/write-stream';
import { bytesOf, joinTexts, toNumberType } from '../../../arrow/written-values';
import type { HttpReply, HttpRequest } from '../../../http/message';
import type { Outputs } from '../../../model/batching/predict';
import type { OutputSpec } from '../../../model/card/card';
import { roles } from '../../../model/card/roles';
import type { Model } from '../../../model/model';
import { createLabelReader, type LabelReader } from '../../../model/predictions/labels';
import { datatypes } from '../../../model/tensors/datatypes';
import { isFree, rowSizes, rowWidth } from '../../../model/tensors/tensors';
import type { Instances } from '../../../serving/caller';
import { predictTensors, readInstances } from '../../../serving/data-plane';
import { inTurns, type Work } from '../../../turns';
import type { Coverage } from '../coverage';
import { checkReplyLength } from '../reply-text';

const contentType = 'application/vnd.apache.arrow.stream';
/** Columns of an output without names: more are a list. */
const mostColumns = 1;

export async function answerArrow(
  model: Model,
  instances: Instances,
  coverage: Coverage | undefined,
  request: HttpRequest,
): Promise<HttpReply> {
  const inputs = await readInstances(model, instances, request);
  const outputs = await predictTensors(model, inputs, request);
  const body = await inTurns(writeTable(model, outputs, coverage), request.isGone);
  return { status: 200, headers: ['content-type', contentType, 'x-content-type-options', 'nosniff'], body };
}

function* writeTable(model: Model, outputs: Outputs, coverage: Coverage | undefined): Work<Buffer[]> {
  const rows = outputs.reduce((sum, { from, to }) => sum + to - from, 0);
  const columns = yield* toColumns(model, outputs, rows);
  if (coverage !== undefined) yield* addSets(columns, coverage, outputs, rows);
  const pieces = writeStream(columns, rows);
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  checkReplyLength(bytes, { maxBytes: model.limits.maxReplyBytes });
  // At once: each small piece would be a write of its own.
  return [Buffer.concat(pieces, bytes)];
}

function* toColumns(model: Model, outputs: Outputs, rows: number): Work<WrittenColumn[]> {
  const { card } = model;
  if (model.hooked !== undefined || !card.outputs.every(isPlain)) return [yield* toTexts(model, outputs)];
  const columns: WrittenColumn[] = [];
  const read = createLabelReader(card);
  if (read !== undefined) {
    const labels = (card.labels ?? []).map((label) => Buffer.from(label));
    columns.push({ name: 'label', type: { kind: 'text' }, buffers: writeLabels(outputs, rows, labels, read) });
    yield;
  }
  for (const [index, spec] of card.outputs.entries()) {
    if (read !== undefined && roles[spec.role].labels === 'one') continue;
    yield* addColumns(columns, { spec, index, labels: card.labels }, outputs, rows);
  }
  return columns;
}

/** The sets are one more output, with a column for each of its elements. */
function* addSets(columns: WrittenColumn[], coverage: Coverage, outputs: Outputs, rows: number): Work<void> {
  const { spec, columns: names } = coverage.set;
  const output = { spec: { ...spec, role: 'tensor', columns: names }, index: 0, labels: undefined } as const;
  yield* addColumns(columns, output, yield* coverage.toTensors(outputs), rows);
}

/** Whether a row of the output is a number or a list of them. */
function isPlain(spec: OutputSpec): boolean {
  const isText = datatypes[spec.datatype].kind === 'text';
  return !isFree(spec) && rowSizes(spec).length <= 1 && (!isText || roles[spec.role].labels === 'one');
}

interface Output {
  readonly spec: OutputSpec;
  readonly index: number;
  readonly labels: readonly string[] | undefined;
}

function* addColumns(
  columns: WrittenColumn[],
  { spec, index, labels }: Output,
  outputs: Outputs,
  rows: number,
): Work<void> {
  const row = datatypes[spec.datatype];
  const parts = outputs.map(({ tensors, from, to }) => ({ data: tensors.data[index] as Numbers, from, to }));
  const part: Part = { parts, width: rowWidth(spec), create: (length) => new (row.array as NumbersType)(length) };
  const own = memberName(spec);
  const isBool = row.kind === 'boolean';
  const type = isBool ? ({ kind: 'bool' } as const) : toNumberType(row.array);
  const names = spec.columns ?? (roles[spec.role].labels === 'each' ? labels : undefined);
  if (names === undefined && part.width > mostColumns && type.kind !== 'bool') {
    const list = { kind: 'list', size: part.width, of: type } as const;
    columns.push({ name: own, type: list, buffers: [bytesOf(joinWhole(part, rows))] });
    yield;
    return;
  }
  for (let column = 0; column < part.width; column++) {
    const values = pickColumn(part, column, rows);
    const name = part.width === 1 && names === undefined ? own : `${own}.${names?.[column] ?? column}`;
    columns.push({ name, type, buffers: [isBool ? toBits(values) : bytesOf(values)] });
    yield;
  }
}

// Arrays of other numbers have the same methods.
type Numbers = Float64Array;
type NumbersType = Float64ArrayConstructor;

interface Part {
  readonly parts: readonly { readonly data: Numbers; readonly from: number; readonly to: number }[];
  readonly width: number;
  create(length: number): Numbers;
}

function joinWhole({ parts, width, create }: Part, rows: number): Numbers {
  const whole = create(rows * width);
  let at = 0;
  for (const { data, from, to } of parts) {
    whole.set(data.subarray(from * width, to * width), at);
    at += (to - from) * width;
  }
  return whole;
}

function pickColumn({ parts, width, create }: Part, column: number, rows: number): Numbers {
  const values = create(rows);
  let at = 0;
  for (const { data, from, to } of parts)
    for (let row = from; row < to; row++) values[at++] = data[row * width + column] as number;
  return values;
}

/** As JSON names it. */
function memberName({ role, name }: OutputSpec): string {
  return roles[role].hasOwnName ? name : role;
}

function toBits(values: ArrayLike<number>): Buffer {
  const bits = Buffer.alloc(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  return bits;
}

/** What no column has a type for: the JSON of each prediction. */
function* toTexts({ write }: Model, outputs: Outputs): Work<WrittenColumn> {
  const texts = outputs.flatMap(({ tensors, from, to }) =>
    Array.from({ length: to - from }, (_, i) => Buffer.from(write.prediction(tensors, from + i))),
  );
  yield;
  return { name: 'prediction', type: { kind: 'text' }, buffers: joinTexts(texts) };
}

/** The same few texts again and again. */
function writeLabels(outputs: Outputs, rows: number, labels: readonly Buffer[], read: LabelReader): Buffer[] {
  const offsets = new Int32Array(rows + 1);
  const chosen = new Int32Array(rows);
  let row = 0;
  let end = 0;
  for (const { tensors, from, to } of outputs) {
    for (let at = from; at < to; at++) {
      const label = read(tensors, at);
      chosen[row++] = label;
      end += labels[label]?.length ?? 0;
      offsets[row] = end;
    }
  }
  const text = Buffer.allocUnsafe(end);
  for (let at = 0; at < rows; at++) labels[chosen[at] as number]?.copy(text, offsets[at] as number);
  return [Buffer.from(offsets.buffer), text];
}
