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

const isOf = (rows) => (predictions) => isDeepStrictEqual(predictions, predictionsOf(rows));
const areLabelsOf = (rows) => (found) =>
  isDeepStrictEqual(
    found,
    rows.map(({ prediction }) => prediction.label),
  );
const eventOf = (rows, id) => ({
  specversion: '1.0',
  id,
  source: '/soak',
  type: 'rows',
  data: { instances: instancesOf(rows) },
});
const csvOf = (rows) =>
  Buffer.from(
    instancesOf(rows)
      .map((values) => `${values.join()}\n`)
      .join(''),
  );
const csv = { 'content-type': 'text/csv', accept: 'text/csv' };
const labelsOfCsv = (text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',')[0]);

/**
 * @typedef {object} Asked
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {Buffer | Buffer[]} body a stream, if it is in pieces
 * @property {boolean} [isNamed] whether the body names its predictions
 * @property {object[]} [rows] those in the body, if they are others than the given ones
 * @property {(text: string) => boolean} isRight
 */

/** What a protocol sends for some rows, and how its answer tells the predictions or labels. @type {((rows: object[], name: (rows: object[]) => string) => Asked)[]} */
export const protocols = [
  (rows) => ({
    ...say('/predict', { instances: instancesOf(rows) }),
    isRight: (text) => isOf(rows)(JSON.parse(text).predictions),
  }),
  (rows) => ({
    ...say(`/v1/models/${card.name}:predict`, { instances: rows.map(toObject) }),
    isRight: (text) => isOf(rows)(JSON.parse(text).predictions),
  }),
  (rows) => ({
    ...say('/bigquery', { calls: instancesOf(rows) }),
    isRight: (text) => isOf(rows)(JSON.parse(text).replies),
  }),
  (rows) => {
    const plain = say('/predict', { instances: instancesOf(rows) });
    return {
      ...plain,
      body: gzipSync(plain.body),
      headers: { ...json, 'content-encoding': 'gzip' },
      isRight: (text) => isOf(rows)(JSON.parse(text).predictions),
    };
  },
  (rows, name) => ({
    ...say('/predict', eventOf(rows, name(rows)), { 'content-type': 'application/cloudevents+json' }),
    isNamed: true,
    isRight: (text) => isOf(rows)(JSON.parse(text).data.predictions),
  }),
  (rows, name) => {
    const events = Array.from({ length: pick([2, 5]) }, () => rows);
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    return {
      ...say(
        '/predict',
        events.map((each) => eventOf(each, name(each))),
        headers,
      ),
      isNamed: true,
      isRight: (text) => JSON.parse(text).every(({ data }) => isOf(rows)(data.predictions)),
    };
  },
  (rows) => ({
    ...{ path: '/predict', headers: csv, body: csvOf(rows) },
    isRight: (text) => areLabelsOf(rows)(labelsOfCsv(text)),
  }),
  (rows) => {
    const parts = Array.from({ length: pick([1, 3, 8]) }, () => rows);
    return {
      ...{ path: '/predict', headers: csv, body: parts.map(csvOf), rows: parts.flat() },
      isRight: (text) => areLabelsOf(parts.flat())(labelsOfCsv(text)),
    };
  },
  (rows) => ({
    ...say(inferPath, { inputs: [{ ...tensorOf(rows), data: instancesOf(rows).flat() }] }),
    isRight: (text) => areLabelsOf(rows)(toLabels(JSON.parse(text).outputs)),
  }),
  (rows) => {
    const numbers = Buffer.from(Float32Array.from(instancesOf(rows).flat()).buffer);
    const head = { inputs: [{ ...tensorOf(rows), parameters: { binary_data_size: numbers.length } }] };
    const text = Buffer.from(JSON.stringify(head));
    return {
      path: inferPath,
      headers: { 'inference-header-content-length': String(text.length) },
      body: Buffer.concat([text, numbers]),
      isRight: (answer) => areLabelsOf(rows)(toLabels(JSON.parse(answer).outputs)),
    };
  },
];

/** What really happened to the first row of a prediction. */
export const feedback = (id) => ({
  ...say(`/v1/models/${card.name}:feedback`, { feedback: [{ id, label: card.labels[0] }] }),
  isRight: (text) => JSON.parse(text).accepted === 1,
});

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
