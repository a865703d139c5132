/** Outputs of the model to the answer of an inference request, as JSON or as bytes behind it. */
import { type HttpReply, jsonHeaders } from '../../http/message';
import type { Card } from '../../model/card';
import {
  createData,
  type Datatype,
  rowWidth,
  type TensorData,
  type TensorSpec,
  type Tensors,
} from '../../model/tensors';
import { encodeBinary } from './binary-data';
import { classify } from './classification';
import { expected, invalid, oneOf } from './faults';
import { encodeJson } from './json-data';
import type { InferenceRequest } from './request';

const binaryHeaders = ['content-type', 'application/octet-stream', 'x-content-type-options', 'nosniff'];

/** An output that is answered: its place in the outputs of the model, and its form. */
interface Answered {
  readonly spec: TensorSpec;
  readonly index: number;
  readonly isBinary: boolean;
  readonly classes: number | undefined;
}

interface Encoded {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** JSON text, or bytes. */
  readonly data: string | Buffer;
}

/** Collects the outputs of `rows` rows as they come. Throws where outputs are asked for that the model does not have. */
export function createInferenceReply(card: Card, { id, outputs, isBinary }: InferenceRequest, rows: number) {
  const answered = outputs === undefined ? allOutputs(card, isBinary) : outputs.map((output) => find(card, output));
  const collected = new Map<number, TensorData>();
  let done = 0;

  function add(run: Tensors, from: number, to: number): void {
    for (const { index, spec } of answered) collect(run.data[index] as TensorData, index, spec, from, to);
    done += to - from;
  }

  function collect(source: TensorData, index: number, spec: TensorSpec, from: number, to: number): void {
    const width = rowWidth(spec);
    const isWhole = from === 0 && to - from === rows && source.length === rows * width;
    if (isWhole) return void collected.set(index, source);
    const target = collected.get(index) ?? createData(spec.datatype, rows * width);
    collected.set(index, target);
    // An output that is asked for twice is copied twice, to the same place.
    if (Array.isArray(target)) {
      for (let i = from * width, at = done * width; i < to * width; i++, at++) target[at] = source[i] as string;
    } else (target as Float32Array).set((source as Float32Array).subarray(from * width, to * width), done * width);
  }

  function finish(): HttpReply {
    const encoded = answered.map((output) => encode(output, collected.get(output.index) as TensorData, card, rows));
    const head = `{"model_name":${JSON.stringify(card.name)},"model_version":${JSON.stringify(card.version)},`;
    const body = `${head}${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"outputs":[${encoded.map(toJson).join(',')}]}`;
    const binary = encoded.flatMap(({ data }) => (typeof data === 'string' ? [] : [data]));
    if (binary.length === 0) return { status: 200, headers: jsonHeaders, body };
    const json = Buffer.from(body);
    const headers = [...binaryHeaders, 'inference-header-content-length', String(json.length)];
    return { status: 200, headers, body: [json, ...binary] };
  }

  return { add, finish };
}

function allOutputs({ outputs }: Card, isBinary: boolean): Answered[] {
  return outputs.map((spec, index) => ({ spec, index, isBinary, classes: undefined }));
}

function find({ outputs }: Card, requested: NonNullable<InferenceRequest['outputs']>[number]): Answered {
  const { pointer, name, isBinary, classes } = requested;
  const index = outputs.findIndex((output) => output.name === name);
  const spec = outputs[index];
  if (spec === undefined) throw expected(`${pointer}/name`, `the output ${oneOf(outputs.map((o) => o.name))}`, name);
  if (classes !== undefined && (spec.datatype === 'BYTES' || spec.datatype === 'BOOL'))
    throw invalid(
      `${pointer}/parameters/classification`,
      `${name}: expected an output of numbers, it has ${spec.datatype}`,
    );
  return { spec, index, isBinary, classes };
}

function encode({ spec, isBinary, classes }: Answered, data: TensorData, card: Card, rows: number): Encoded {
  const { name, datatype, shape } = spec;
  if (classes === undefined) {
    const text = isBinary ? encodeBinary(data) : encodeJson(data, datatype);
    return { name, datatype, shape: [rows, ...shape.slice(1)], data: text };
  }
  const strings = classify(data, spec, classes, card.labels);
  const text = isBinary ? encodeBinary(strings) : encodeJson(strings, 'BYTES');
  return { name, datatype: 'BYTES', shape: [rows, strings.length / rows], data: text };
}

function toJson({ name, datatype, shape, data }: Encoded): string {
  const head = `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}],`;
  return typeof data === 'string'
    ? `${head}"data":${data}}`
    : `${head}"parameters":{"binary_data_size":${data.length}}}`;
}
