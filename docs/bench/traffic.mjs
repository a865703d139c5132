/** Requests of every protocol with the golden answers that they must get, and bad ones with their statuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { root } from './contenders.mjs';

const read = (file) => JSON.parse(readFileSync(join(root, 'model', file), 'utf8'));
const { samples } = read('samples.json');
const card = read('card.json');
const inferPath = `/v2/models/${card.name}/infer`;
const json = { 'content-type': 'application/json' };
const names = card.features.map(({ name }) => name);
const [input] = card.inputs;
const [labels] = card.outputs;

export const pick = (list) => list[Math.floor(Math.random() * list.length)];
/** Some rows: mostly one, sometimes many. */
export const some = () => Array.from({ length: pick([1, 1, 1, 1, 3, 20, 300]) }, () => pick(samples));
const instancesOf = (rows) => rows.map(({ instance }) => instance);
const predictionsOf = (rows) => rows.map(({ prediction }) => prediction);
const toObject = ({ instance }) => Object.fromEntries(names.map((name, i) => [name, instance[i]]));

function say(path, value, headers = json) {
  return { path, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** What a protocol sends for some rows, and how its answer tells the predictions or labels. */
export const protocols = [
  (rows) => ({
    ...say('/predict', { instances: instancesOf(rows) }),
    isRight: ({ predictions }) => isDeepStrictEqual(predictions, predictionsOf(rows)),
  }),
  (rows) => ({
    ...say(`/v1/models/${card.name}:predict`, { instances: rows.map(toObject) }),
    isRight: ({ predictions }) => isDeepStrictEqual(predictions, predictionsOf(rows)),
  }),
  (rows) => ({
    ...say('/bigquery', { calls: instancesOf(rows) }),
    isRight: ({ replies }) => isDeepStrictEqual(replies, predictionsOf(rows)),
  }),
  (rows) => {
    const plain = say('/predict', { instances: instancesOf(rows) });
    return {
      ...plain,
      body: gzipSync(plain.body),
      headers: { ...json, 'content-encoding': 'gzip' },
      isRight: ({ predictions }) => isDeepStrictEqual(predictions, predictionsOf(rows)),
    };
  },
  (rows) => {
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/soak',
      type: 'rows',
      data: { instances: instancesOf(rows) },
    };
    return {
      ...say('/predict', event, { 'content-type': 'application/cloudevents+json' }),
      isRight: ({ data }) => isDeepStrictEqual(data.predictions, predictionsOf(rows)),
    };
  },
  (rows) => ({
    ...say(inferPath, { inputs: [{ ...tensorOf(rows), data: instancesOf(rows).flat() }] }),
    isRight: ({ outputs }) =>
      isDeepStrictEqual(
        toLabels(outputs),
        rows.map(({ prediction }) => prediction.label),
      ),
  }),
  (rows) => {
    const numbers = Buffer.from(Float32Array.from(instancesOf(rows).flat()).buffer);
    const head = { inputs: [{ ...tensorOf(rows), parameters: { binary_data_size: numbers.length } }] };
    const text = Buffer.from(JSON.stringify(head));
    return {
      path: inferPath,
      headers: { 'inference-header-content-length': String(text.length) },
      body: Buffer.concat([text, numbers]),
      isRight: ({ outputs }) =>
        isDeepStrictEqual(
          toLabels(outputs),
          rows.map(({ prediction }) => prediction.label),
        ),
    };
  },
];

function tensorOf(rows) {
  return { name: input.name, datatype: input.datatype, shape: [rows.length, ...input.shape.slice(1)] };
}

function toLabels(outputs) {
  return outputs.find(({ name }) => name === labels.name)?.data.map((index) => card.labels[index]);
}

/** What must be refused, and with which status. */
export const badRequests = [
  () => ({ ...say('/predict', { instances: [['x']] }), status: 422 }),
  () => ({ ...say('/predict', { rows: [] }), status: 400 }),
  () => ({ ...say(inferPath, { inputs: [{ name: 'nothing' }] }), status: 400 }),
  () => ({ path: '/predict', headers: json, body: Buffer.from('{"instances":[[1,'), status: 400 }),
  () => ({ ...say('/nowhere', {}), status: 404 }),
  () => ({ ...say('/predict', {}, { 'content-type': 'text/html' }), status: 415 }),
];
