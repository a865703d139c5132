/** Inference requests over the samples of the model, and what their answers must hold. */
import type { Reply } from '../../client';
import { card, isCloseTo, type Sample, samples } from '../../model-files';

export const { name, version } = card;
export const path = `/v2/models/${encodeURIComponent(name)}`;
export const paths = [path, `${path}/versions/${encodeURIComponent(version)}`];
export const rows = samples.map(({ instance }) => instance);
const [input] = card.inputs;
const columns = rows[0]?.length ?? 0;

export interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters?: { readonly binary_data_size: number };
  readonly data?: readonly (number | string)[];
}

export interface Inference {
  readonly id?: string;
  readonly model_name: string;
  readonly model_version: string;
  readonly outputs: readonly Output[];
}

export const tensor = (data: unknown, count = rows.length) => ({
  name: input?.name,
  shape: [count, columns],
  datatype: 'FP32',
  data,
});
export const flat = rows.flat();

/** Labels and probabilities of all samples, or nothing where an output is not what it should be. */
export function expectGolden(outputs: readonly Output[]): void {
  const label = outputs.find(({ datatype }) => datatype === 'INT64');
  const shares = outputs.find(({ datatype }) => datatype === 'FP32');
  expect(label?.shape).toEqual([rows.length]);
  expect(shares?.shape).toEqual([rows.length, card.labels.length]);
  const width = card.labels.length;
  const answers = rows.map((_, row) => ({
    label: card.labels[label?.data?.[row] as number] as string,
    probabilities: Object.fromEntries(card.labels.map((key, i) => [key, shares?.data?.[row * width + i] as number])),
  }));
  expect(answers.filter((answer, row) => !isCloseTo(answer, (samples[row] as Sample).prediction))).toEqual([]);
}

export function inferenceOf({ status, json, text }: Reply): Inference {
  expect(status === 200 ? 'ok' : text).toBe('ok');
  return json as Inference;
}

/** An answer with bytes behind its JSON, with the bytes read. */
export function readBinary({ status, headers, bytes }: Reply, body = bytes): Inference {
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/octet-stream');
  const length = Number(headers['inference-header-content-length']);
  const document = JSON.parse(body.subarray(0, length).toString()) as Inference;
  let at = length;
  const outputs = document.outputs.map((output) => {
    const size = output.parameters?.binary_data_size;
    if (size === undefined) return output;
    const data = readElements(output.datatype, body.subarray(at, at + size));
    at += size;
    return { ...output, data };
  });
  expect(at).toBe(body.length);
  return { ...document, outputs };
}

function readElements(datatype: string, bytes: Buffer): (number | string)[] {
  if (datatype === 'FP32') return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
  if (datatype === 'INT64')
    return Array.from({ length: bytes.length / 8 }, (_, i) => Number(bytes.readBigInt64LE(i * 8)));
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

export const floats = Buffer.from(Float32Array.from(flat).buffer);

/** A request whose input is in bytes behind the JSON. */
export function binaryRequest(members: object = {}) {
  const { data, ...described } = tensor(undefined);
  const document = { inputs: [{ ...described, parameters: { binary_data_size: floats.length } }], ...members };
  const json = Buffer.from(JSON.stringify(document));
  const headers = { 'inference-header-content-length': String(json.length) };
  return { headers, body: Buffer.concat([json, floats]) };
}
