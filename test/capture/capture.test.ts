/** Captures: one record of what was asked and answered, whatever the protocol, and nothing that is private. */
import { mkdirSync } from 'node:fs';
import { createGrpcClient, inferRequest } from '../grpc-client';
import { type Host, startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { card, featureNames, goodInstance, samples, toObjectForm } from '../model-files';
import { readSample, untilSample } from '../scrape';
import { type CaptureRecord, captureAll, makeDirectory } from './captured';

const captures = makeDirectory();
afterAll(captures.remove);

const instances = [goodInstance];
const named = toObjectForm(goodInstance);
const tensor = { name: card.inputs[0]?.name, shape: [1, goodInstance.length], datatype: 'FP32', data: goodInstance };
const event = { specversion: '1.0', id: 'event-1', source: 'test', type: 'ask', data: { instances } };

async function withCaptures(env: Readonly<Record<string, string>>, use: (host: Host) => Promise<void>) {
  const own = await captureAll(env, use);
  const text = own.readText();
  const records = own.read();
  own.remove();
  return { text, records };
}

test('a capture holds the same row by the names of its features, in whatever protocol it came', async () => {
  const { records } = await withCaptures({}, async (host) => {
    await host.post('/predict', { instances });
    await host.post('/predict', { instances: [named] });
    await host.post('/bigquery', { calls: [goodInstance] });
    await host.post(`/v2/models/${card.name}/infer`, { inputs: [tensor] });
    await host.post('/predict', event);
    const call = { name: 'predict', arguments: { instances: [named] } };
    await host.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call });
    await host.post('/predict', { message: { data: btoa(JSON.stringify({ instances })), messageId: '77' } });
    const body = `${featureNames.join()}\n${goodInstance.join()}\n`;
    await host.request('POST', '/predict', { headers: { 'content-type': 'text/csv' }, body });
  });
  expect(records).toHaveLength(8);
  for (const record of records)
    expect(record).toMatchObject({
      instances: [named],
      predictions: [samples[0]?.prediction],
      model: card.name,
      version: card.version,
      latencyMicroseconds: expect.any(Number),
    });
  expect(records.map(({ protocol }) => protocol)).toEqual(
    expect.arrayContaining(['kserve-v1', 'bigquery', 'open-inference', 'mcp']),
  );
  expect(new Set(records.map(({ id }) => id)).size).toBe(8);
  expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining(['event-1', '77']));
});

test('each event of a batch is captured under its own id', async () => {
  const { records } = await withCaptures({}, async (host) => {
    const headers = { 'content-type': 'application/cloudevents-batch+json', 'prediction-id': 'batch' };
    const body = JSON.stringify([event, { ...event, id: 'event-2' }]);
    await host.request('POST', '/predict', { headers, body });
  });
  expect(records.map(({ id }) => id)).toEqual(['event-1', 'event-2']);
});

test('a call of gRPC is captured, and its id is in the metadata', async () => {
  const own = makeDirectory();
  const host = await startHost('server.ts', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory } });
  const client = await createGrpcClient(host.port);
  const { code, headers } = await client.call('ModelInfer', inferRequest([goodInstance]), { 'prediction-id': 'mine' });
  client.close();
  expect(await host.stop()).toBe(0);
  expect([code, headers['prediction-id']]).toEqual([0, 'mine']);
  expect(own.read()).toMatchObject([{ id: 'mine', instances: [named], protocol: 'open-inference' }]);
  own.remove();
});

test('rows of a long request stay in order, over as many records as they need', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => goodInstance.map((value, at) => (at === 0 ? i : value)));
  const { records } = await withCaptures({ MAX_REQUEST_ROWS: '5000' }, async (host) => {
    expect((await host.post('/predict', { instances: rows })).status).toBe(200);
  });
  expect(records.length).toBeGreaterThan(1);
  const [first = ''] = featureNames;
  expect(records.flatMap((record) => record.instances.map((row) => row[first]))).toEqual(rows.map(([value]) => value));
  let next = 0;
  for (const { firstRow = 0, instances: own, predictions } of records) {
    expect([firstRow, predictions.length]).toEqual([next, own.length]);
    next += own.length;
  }
});

test('a row outside the training range is flagged with the features that are', async () => {
  const [name = ''] = featureNames;
  const { records } = await withCaptures({}, async (host) => {
    await host.post('/predict', { instances: [named, { ...named, [name]: 1e6 }] });
  });
  expect(records).toMatchObject([{ outside: [{ row: 1, features: [name] }] }]);
});

test.each(['files', 'log'])(
  'a private value is nowhere in what is written to the %s, and neither are refused requests',
  async (sink) => {
    const model = copyModel();
    const [, secret = ''] = featureNames;
    type Document = { features: { name: string }[] };
    model.edit<Document>('card.json', (written) => ({
      ...written,
      features: written.features.map((each) => (each.name === secret ? { ...each, private: true } : each)),
    }));
    const own = makeDirectory();
    const to = sink === 'log' ? 'log' : own.directory;
    const env = {
      MODEL_DIR: model.directory,
      CAPTURE: 'all',
      CAPTURE_TO: to,
      LOG_INPUTS: 'sample',
      LOG_FORMAT: 'json',
    };
    const host = await startHost('server.ts', { env });
    const value = 8642.75;
    const asked = { ...named, [secret]: value };
    expect((await host.post('/predict', { instances: [asked] })).status).toBe(200);
    await host.post('/bigquery', { calls: [Object.values(asked)] });
    const inference = { inputs: [{ ...tensor, data: Object.values(asked) }] };
    expect((await host.post(`/v2/models/${card.name}/infer`, inference)).status).toBe(200);
    await host.post('/predict', { instances: [{ ...asked, [secret]: `${value}` }] });
    await host.stop();
    const lines = host.stdout.map((line) => (JSON.parse(line) as { readonly capture?: CaptureRecord }).capture);
    const records = sink === 'log' ? lines.filter((record) => record !== undefined) : own.read();
    expect(records).toHaveLength(3);
    expect(records[0]?.instances).toEqual([
      Object.fromEntries(Object.entries(named).filter(([key]) => key !== secret)),
    ]);
    expect(own.readText() + host.stdout.join('\n')).not.toContain('8642');
    expect(JSON.stringify(records)).not.toContain(secret);
    own.remove();
    model.remove();
  },
);

test('rows that only try the model are not captured', async () => {
  const { records } = await withCaptures({}, async (host) => {
    await host.post('/predict', { instances: [goodInstance, goodInstance], parameters: { explore: true } });
    await host.post('/predict', { instances });
  });
  expect(records.map(({ instances: kept }) => kept)).toEqual([[named]]);
});

test('a share of the requests is captured', async () => {
  const { records } = await withCaptures({ CAPTURE: 'sample:50%' }, async (host) => {
    for (let i = 0; i < 200; i++) await host.post('/predict', { instances });
  });
  // Outside of this once in a million million times.
  expect(records.length).toBeGreaterThan(50);
  expect(records.length).toBeLessThan(150);
});

describe('while the directory is gone', () => {
  test('answers go on and captures wait; once it is back, none is missing', async () => {
    const own = makeDirectory();
    const host = await startHost('in process', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory } });
    await host.post('/predict', { instances });
    await untilSample(host, (rows) => rows === 1, 'predict_captured_rows_total');
    own.remove();
    expect((await host.post('/predict', { instances })).status).toBe(200);
    expect(await readSample(host, 'predict_captured_rows_total')).toBe(1);
    mkdirSync(own.directory);
    await host.stop();
    expect(own.read()).toHaveLength(1);
    own.remove();
  });
});

test.each([
  ['CAPTURE', { CAPTURE: 'some' }],
  ['CAPTURE', { CAPTURE: 'sample:0%' }],
  ['CAPTURE', { CAPTURE: 'sample:101%' }],
  ['CAPTURE_MAX_BYTES', { CAPTURE_MAX_BYTES: '5' }],
])('a wrong %s stops the start', async (name, env) => {
  await expect(startHost('in process', { env })).rejects.toThrow(new RegExp(`^${name} is `));
});
