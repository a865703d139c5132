/** Bodies of ten megabytes for the paths of a model: tensors in JSON and in bytes, explanations, settings. */
import {
  type BodyClass,
  type BodyModel,
  distinctObject,
  json,
  type LargeBody,
  mostBytes,
  nested,
  repeat,
  series,
} from './large-text';

const rowsAtMost = 100_000;
const inferPath = ({ name }: BodyModel) => `/v2/models/${name}/infer`;
const explainPath = ({ name }: BodyModel) => `/v1/models/${name}:explain`;
/** An inference request whose first input holds the pieces. */
function tensor(model: BodyModel, rows: number, piece: string, end: string): LargeBody {
  const [{ name, datatype, shape } = { name: 'X', datatype: 'FP32', shape: [-1] }] = model.inputs;
  const head = JSON.stringify({ name, datatype, shape: [rows, ...shape.slice(1)] }).slice(0, -1);
  return json(inferPath(model), repeat(`{"inputs":[${head},"data":[`, piece, `${end}]}]}`));
}

/** The bytes of a tensor behind their header. */
function binary(model: BodyModel, datatype: string, rows: number, data: Buffer): LargeBody {
  const [{ name, shape } = { name: 'X', shape: [-1] }] = model.inputs;
  const parameters = { binary_data_size: data.length };
  const head = JSON.stringify({ inputs: [{ name, datatype, shape: [rows, ...shape.slice(1)], parameters }] });
  const headers = { 'inference-header-content-length': head.length, 'content-type': 'application/octet-stream' };
  return { path: inferPath(model), headers, body: Buffer.concat([Buffer.from(head), data]) };
}

const rowBytes = ({ inputs: [input] }: BodyModel) =>
  4 * (input?.shape.slice(1).reduce((product, size) => product * size, 1) ?? 1);
const rowsOfBytes = (model: BodyModel) => Math.min(rowsAtMost, Math.floor((mostBytes - 300) / rowBytes(model)));
const strings = (count: number, text: string) => {
  const one = Buffer.concat([Buffer.from(Uint32Array.of(text.length).buffer), Buffer.from(text)]);
  return Buffer.alloc(count * one.length, one);
};

export const tensorClasses = {
  'inputs of nothing': (model) => json(inferPath(model), repeat('{"inputs":[', '{},', '{}]}')),
  'inputs of many keys': (model) =>
    json(
      inferPath(model),
      series('{"inputs":[', (i) => distinctObject(i), '{}]}'),
    ),
  'outputs without end': (model) =>
    json(inferPath(model), repeat('{"inputs":[],"outputs":[', '{"name":"a"},', '{"name":"a"}]}')),
  'a shape without end': (model) =>
    json(inferPath(model), repeat('{"inputs":[{"name":"X","datatype":"FP32","shape":[', '1,', '1],"data":[]}]}')),
  'a tensor of numbers': (model) => tensor(model, rowsAtMost, '1,', '1'),
  'a tensor of fractions': (model) => tensor(model, rowsAtMost, '0.5,', '1'),
  'a tensor of pairs': (model) => tensor(model, rowsAtMost, '[0.5, 0.5],', '1'),
  'a tensor of arrays': (model) => tensor(model, rowsAtMost, '[1],', '[1]'),
  'a tensor of deep arrays': (model) => tensor(model, rowsAtMost, nested(31), '[]'),
  'a tensor of texts': (model) => tensor(model, rowsAtMost, '"a",', '"a"'),
  'a tensor of long integers': (model) => tensor(model, rowsAtMost, '12345678901234567,', '1'),
  'parameters without end': (model) =>
    json(
      inferPath(model),
      series('{"inputs":[],"parameters":{"k":1', (i) => `,"k${i}":1`, '}}'),
    ),
  'bytes of a tensor': (model) => {
    const rows = rowsOfBytes(model);
    return binary(model, 'FP32', rows, Buffer.alloc(rows * rowBytes(model)));
  },
  'bytes of too many empty strings': (model) => binary(model, 'BYTES', 100_000, strings(mostBytes / 4 - 100, '')),
  'bytes that are one string': (model) => binary(model, 'BYTES', 1, strings(1, 'a'.repeat(mostBytes - 400))),
  'bytes alone': (model) => ({
    path: inferPath(model),
    headers: { 'inference-header-content-length': 0, 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(rowsOfBytes(model) * rowBytes(model)),
  }),
  'a header as long as the body': (model) => {
    const body = Buffer.from(repeat('{"inputs":[', '[],', '[]]}'));
    return { path: inferPath(model), headers: { 'inference-header-content-length': body.length }, body };
  },
  'explanations of objects': (model) => json(explainPath(model), repeat('{"instances":[', '{},', '{}]}')),
  'explanations of a parameter': (model) =>
    json(explainPath(model), repeat('{"parameters":{"a":"', 'a', '"},"instances":[]}')),
  'settings of many keys': () =>
    json(
      '/v2/logging',
      series('{"k":1', (i) => `,"k${i}":1`, '}'),
    ),
  'settings of one string': () => json('/v2/trace/setting', repeat('{"trace_level":["', 'a', '"]}')),
  'settings of arrays': () => json('/v2/trace/setting', repeat('{"trace_level":[', '[],', '[]]}')),
} as const satisfies Record<string, BodyClass>;
