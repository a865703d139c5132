/** Open Inference Protocol v2: every endpoint and form of request, on every host. */
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { describeEachHost } from '../../hosts';
import { card, samples } from '../../model-files';
import {
  binaryRequest,
  expectGolden,
  flat,
  floats,
  inferenceOf,
  name,
  path,
  paths,
  readBinary,
  rows,
  tensor,
  version,
} from './inference';

describeEachHost('The Open Inference Protocol', (host) => {
  test.each(['/v2', '/v2/'])('GET %s says what the server can do', async (server) => {
    const { status, json } = await host.request('GET', server);
    expect(status).toBe(200);
    const { version: own } = require('../../../package.json') as { readonly version: string };
    expect(json).toEqual({
      name: 'onnx-predict-function',
      version: own,
      extensions: ['binary_tensor_data', 'classification', 'model_configuration', 'statistics', 'logging', 'trace'],
    });
  });

  test('GET /v2/models lists the model', async () => {
    expect((await host.request('GET', '/v2/models')).json).toEqual({ models: [name] });
  });

  test.each(paths.flatMap((base) => [base, `${base}/`]))('GET %s gives the signature of the card', async (base) => {
    const { json } = await host.request('GET', base);
    expect(json).toMatchObject({ name, versions: [version], platform: 'onnx_onnxv1' });
    const { inputs, outputs } = json as { readonly inputs: unknown; readonly outputs: readonly object[] };
    expect(inputs).toEqual(card.inputs);
    expect(outputs.map((output) => Object.keys(output))).toEqual(outputs.map(() => ['name', 'datatype', 'shape']));
  });

  test.each(paths.flatMap((base) => [`${base}/ready`, `${base}/ready/`]))('GET %s is true', async (ready) => {
    expect((await host.request('GET', ready)).json).toEqual({ name, ready: true });
  });

  test.each([
    [`${path}/config`, { name, max_batch_size: 100_000 }],
    [`${path}/stats`, { model_stats: [{ name, version }] }],
    ['/v2/models/stats', { model_stats: [{ name, version }] }],
  ])('GET %s gives what clients of Triton ask for', async (asked, members) => {
    expect((await host.request('GET', asked)).json).toMatchObject(members);
  });

  test.each([
    ['flat', flat],
    ['nested', rows],
  ])('%s data gets the trainer’s predictions, flat', async (_form, data) => {
    for (const base of paths) {
      const inference = inferenceOf(await host.post(`${base}/infer`, { inputs: [tensor(data)] }));
      expect(Object.keys(inference)).toEqual(['model_name', 'model_version', 'outputs']);
      expect(inference).toMatchObject({ model_name: name, model_version: version });
      expectGolden(inference.outputs);
    }
  });

  test('gives back the id, and takes parameters that it does not know', async () => {
    const request = { id: 'a "quoted"\nid', parameters: { priority: 1, mine: 'x' }, inputs: [tensor(rows)] };
    const { id } = inferenceOf(await host.post(`${path}/infer`, request));
    expect(id).toBe(request.id);
  });

  test('answers the outputs that are asked for, in that order', async () => {
    const outputs = [{ name: 'probabilities' }, { name: 'label' }];
    const inference = inferenceOf(await host.post(`${path}/infer`, { inputs: [tensor(rows)], outputs }));
    expect(inference.outputs.map((output) => output.name)).toEqual(outputs.map((output) => output.name));
    expectGolden(inference.outputs);
  });

  test('takes bytes and gives bytes', async () => {
    for (const members of [
      { parameters: { binary_data_output: true } },
      { outputs: ['label', 'probabilities'].map((output) => ({ name: output, parameters: { binary_data: true } })) },
    ]) {
      const reply = await host.request('POST', `${path}/infer`, binaryRequest(members));
      expectGolden(readBinary(reply).outputs);
    }
  });

  test('gives some outputs as bytes and others as JSON', async () => {
    const outputs = [{ name: 'label', parameters: { binary_data: false } }, { name: 'probabilities' }];
    const reply = await host.request(
      'POST',
      `${path}/infer`,
      binaryRequest({ outputs, parameters: { binary_data_output: true } }),
    );
    expectGolden(readBinary(reply).outputs);
  });

  test('takes bytes and gives JSON, which is the default', async () => {
    expectGolden(inferenceOf(await host.request('POST', `${path}/infer`, binaryRequest())).outputs);
  });

  test('takes the bytes of the only input alone', async () => {
    const headers = { 'inference-header-content-length': '0', 'content-type': 'application/octet-stream' };
    const reply = await host.request('POST', `${path}/infer`, { headers, body: floats });
    expectGolden(readBinary(reply).outputs);
  });

  test.each([
    ['gzip', gzipSync, gunzipSync],
    ['deflate', deflateSync, inflateSync],
  ] as const)('takes and gives bodies in %s', async (coding, compress, decompress) => {
    const { headers, body } = binaryRequest({ parameters: { binary_data_output: true } });
    const reply = await host.request('POST', `${path}/infer`, {
      headers: { ...headers, 'content-encoding': coding, 'accept-encoding': coding },
      body: compress(body),
    });
    expect(reply.headers).toMatchObject({ 'content-encoding': coding, vary: 'accept-encoding' });
    expectGolden(readBinary(reply, decompress(reply.bytes)).outputs);
  });

  test.each([1, 2, 99])('gives the %i likeliest classes as strings', async (classes) => {
    const count = Math.min(classes, card.labels.length);
    const outputs = [{ name: 'probabilities', parameters: { classification: classes } }];
    const inference = inferenceOf(await host.post(`${path}/infer`, { inputs: [tensor(rows)], outputs }));
    const [{ datatype, shape, data = [] } = never()] = inference.outputs;
    expect([datatype, shape]).toEqual(['BYTES', [rows.length, count]]);
    const wrong = samples.filter(({ prediction }, row) => {
      const best = data.slice(row * count, (row + 1) * count).map((text) => String(text).split(':'));
      const shares = best.map(([share]) => Number(share));
      const isSorted = shares.every((share, i) => i === 0 || share <= (shares[i - 1] as number));
      const isLargest = Math.abs((shares[0] ?? NaN) - Math.max(...Object.values(prediction.probabilities))) < 1e-6;
      return !(isSorted && isLargest && best.every(([, index, label]) => card.labels[Number(index)] === label));
    });
    expect(wrong).toEqual([]);
  });

  test('classifies into bytes, too', async () => {
    const outputs = [{ name: 'probabilities', parameters: { classification: 1, binary_data: true } }];
    const {
      outputs: [output],
    } = readBinary(await host.request('POST', `${path}/infer`, binaryRequest({ outputs })));
    expect(output?.data?.map((text) => String(text).split(':')[2])).toEqual(
      samples.map(({ prediction }) => prediction.label),
    );
  });

  test('takes many rows that need several runs', async () => {
    const many = Array.from({ length: 20 }, () => rows).flat();
    const inference = inferenceOf(await host.post(`${path}/infer`, { inputs: [tensor(many, many.length)] }));
    const label = inference.outputs.find(({ datatype }) => datatype === 'INT64');
    expect(label?.data).toHaveLength(many.length);
    expect(label?.data?.map((index) => card.labels[index as number])).toEqual(
      many.map((_, row) => samples[row % samples.length]?.prediction.label),
    );
  });
});

function never(): never {
  throw new Error('The answer has no outputs.');
}
