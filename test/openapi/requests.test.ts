/** The document allows what the server takes, and does not allow what it refuses. */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { describeEachHost } from '../hosts';
import { card, goodInstance, modelPath, toObjectForm } from '../model-files';
import { openApi } from './answers';

const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ $id: 'https://example.com/openapi.json', ...openApi });

/** Each is compiled once, at its first request. */
const validators = new Map<string, ValidateFunction>();

function validatorOf(path: string): ValidateFunction {
  const pointer = ['paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema']
    .map((key) => encodeURIComponent(key.replaceAll('/', '~1')))
    .join('/');
  const known = validators.get(path) ?? ajv.compile({ $ref: `https://example.com/openapi.json#/${pointer}` });
  validators.set(path, known);
  return known;
}

const isAllowed = (path: string, body: unknown): boolean => validatorOf(path)(body);

const instances = [goodInstance];
const v2 = `/v2/models/${encodeURIComponent(card.name)}`;
const event = { specversion: '1.0', id: '1', source: '/test', type: 'test' };
const base64 = Buffer.from(JSON.stringify({ instances })).toString('base64');
const texts = goodInstance.map(String);
const nulls = goodInstance.map(() => null);
const tensor = {
  name: card.inputs[0]?.name,
  datatype: 'FP32',
  shape: [1, goodInstance.length],
  data: goodInstance,
};

const taken: readonly (readonly [path: string, body: unknown])[] = [
  ['/predict', { instances }],
  ['/predict', { instances: [toObjectForm(goodInstance)], signature_name: 'serving_default' }],
  ['/predict', { instances, parameters: null, signature_name: null }],
  ['/predict', { ...event, data: { instances } }],
  ['/predict', { ...event, data: JSON.stringify({ instances }) }],
  ['/predict', { ...event, data_base64: base64 }],
  ['/predict', { message: { data: base64 } }],
  ['/bigquery', { calls: [goodInstance, texts, nulls, [null], [goodInstance], ['NaN', ...texts.slice(1)], [nulls]] }],
  ['/bigquery', { calls: [[toObjectForm(goodInstance)], [toObjectForm(nulls)], [{ other: null }]] }],
  [`${modelPath}:explain`, { ...event, data: { instances } }],
  ['/v2/logging', { log_info: true, log_file: null }],
  ['/v2/trace/setting', { trace_level: ['OFF'], trace_rate: '1000' }],
  [`${v2}/infer`, { inputs: [tensor] }],
  [`${v2}/infer`, { id: null, parameters: null, outputs: null, inputs: [{ ...tensor, parameters: null }] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, data: [goodInstance] }], outputs: [{ name: 'label', parameters: null }] }],
];

const refused: readonly (readonly [path: string, body: unknown])[] = [
  ['/predict', { instances, calls: [goodInstance] }],
  ['/predict', { instances: [], signature_name: 'serving_default' }],
  ['/predict', { instances, signature_name: 'other' }],
  ['/predict', { ...event, data: { instances }, data_base64: base64 }],
  ['/predict', { ...event, data: null, data_base64: base64 }],
  ['/predict', { ...event }],
  ['/predict', { ...event, data: 5 }],
  ['/predict', { ...event, data: {} }],
  ['/predict', { message: {} }],
  [`${modelPath}:predict`, { ...event, data: { calls: [goodInstance] } }],
  [`${modelPath}:explain`, { ...event, data: { inputs: instances } }],
  ['/bigquery', { calls: [[null, null]] }],
  ['/bigquery', { calls: [[]] }],
  ['/bigquery', { calls: [goodInstance.slice(1)] }],
  ['/bigquery', { calls: [[...goodInstance, 1]] }],
  ['/bigquery', { calls: [texts.map(() => 'much')] }],
  ['/bigquery', { calls: [[{}]] }],
  ['/bigquery', { calls: [[goodInstance.slice(1)]] }],
  ['/v2/logging', { log_info: false }],
  ['/v2/logging', { log_verbose_level: 1 }],
  ['/v2/logging', { other: true }],
  ['/v2/trace/setting', { trace_level: ['TIMESTAMPS'] }],
  ['/v2/trace/setting', { trace_level: [] }],
  [`${v2}/trace/setting`, { trace_rate: 1000 }],
  [`${v2}/infer`, { inputs: [] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, datatype: 'FP64' }] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, shape: [0, goodInstance.length] }] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, shape: [1, 1] }] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, data: texts }] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, parameters: { binary_data_size: 0 } }] }],
  [`${v2}/infer`, { inputs: [{ ...tensor, data: undefined }] }],
  [`${v2}/infer`, { inputs: [tensor], id: 5 }],
];

describeEachHost('The document and the server', (host) => {
  test.each(taken)('allow both, for %s, %j', async (path, body) => {
    expect([isAllowed(path, body), (await host.post(path, body)).status]).toEqual([true, 200]);
  });

  test.each(refused)('refuse both, for %s, %j', async (path, body) => {
    const { status } = await host.post(path, body);
    expect([isAllowed(path, body), status === 400 || status === 422]).toEqual([false, true]);
  });
});
