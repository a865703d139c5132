/** Where a model has no number for an answer, JSON says null and bytes say which: NaN, Infinity or -Infinity. */
import { describeEachHost, type Host, startHost } from '../hosts';
import { writeLogarithm } from '../logarithm';
import { createFindBreach, type OpenApi } from '../openapi/answers';
import { readSample } from '../scrape';

const logarithm = writeLogarithm('value', ([value]) => ({ value }));
afterAll(logarithm.remove);
/** Their logarithms are 0, -Infinity and NaN. */
const instances = [[1], [0], [-1]];
const env = { MODEL_DIR: logarithm.directory, LOG_REQUESTS: 'none' };

describeEachHost(
  'An answer that is no number',
  (host) => {
    const infer = (members: object) =>
      host.post('/v2/models/logarithm/infer', {
        inputs: [{ name: 'X', shape: [3, 1], datatype: 'FP32', data: instances }],
        ...members,
      });

    test('is null among instances, in events and in JSON tensors', async () => {
      const predictions = [{ value: 0 }, { value: null }, { value: null }];
      const event = { specversion: '1.0', id: '1', source: '/test', type: 'test', data: { instances } };
      expect((await host.post('/predict', { instances })).json).toEqual({ predictions });
      expect((await host.post('/predict', event)).json).toMatchObject({ data: { predictions } });
      expect((await infer({})).json).toMatchObject({ outputs: [{ name: 'Y', data: [0, null, null] }] });
    });

    test('is NULL for BigQuery', async () => {
      const values = await host.post('/bigquery', { calls: instances, userDefinedContext: { answer: 'value' } });
      expect(values.json).toEqual({ replies: [0, null, null] });
      const all = await host.post('/bigquery', { calls: instances });
      expect(all.json).toEqual({ replies: [{ value: 0 }, { value: null }, { value: null }] });
    });

    test('is as it is in bytes, and a word where classes are asked for', async () => {
      const { bytes, headers } = await infer({ parameters: { binary_data_output: true } });
      const from = Number(headers['inference-header-content-length']);
      const floats = [0, 4, 8].map((at) => bytes.readFloatLE(from + at));
      expect(floats).toEqual([0, Number.NEGATIVE_INFINITY, Number.NaN]);
      const classes = await infer({ outputs: [{ name: 'Y', parameters: { classification: 1 } }] });
      expect(classes.json).toMatchObject({ outputs: [{ data: ['0:0', '-Infinity:0', 'NaN:0'] }] });
    });

    test('is null in an explanation', async () => {
      const { status, json } = await host.post('/v1/models/logarithm:explain', { instances });
      const nothing = { base: 0, prediction: null, contributions: { x0: null } };
      const zero = { base: 0, prediction: 0, contributions: { x0: 0 } };
      expect([status, json]).toMatchObject([
        200,
        { explanations: [{ value: zero }, { value: nothing }, { value: nothing }] },
      ]);
    });

    test('is what the published document says', async () => {
      const findBreach = createFindBreach((await host.request('GET', '/openapi.json')).json as OpenApi);
      for (const [path, body] of [
        ['/predict', { instances }],
        ['/bigquery', { calls: instances, userDefinedContext: { answer: 'value' } }],
        ['/v1/models/logarithm:explain', { instances }],
      ] as const)
        expect(findBreach('POST', path, await host.post(path, body))).toBeUndefined();
      expect(findBreach('POST', '/v2/models/logarithm/infer', await infer({}))).toBeUndefined();
    });
  },
  { env },
);

describe.each(['scores', 'probabilities'] as const)('A classifier with %s that are no numbers', (role) => {
  const model = writeLogarithm(role, ([left = 0, right = 0]) => ({
    label: left > right ? 'left' : 'right',
    [role]: { left, right },
  }));
  let host: Host;
  beforeAll(async () => {
    host = await startHost('in process', { env: { MODEL_DIR: model.directory } });
  });
  afterAll(async () => {
    await host.stop();
    model.remove();
  });

  test('chooses among the others, and no label where there are none', async () => {
    const { json } = await host.post('/predict', {
      instances: [
        [-1, 1],
        [1, -1],
        [0, -1],
        [-1, -1],
      ],
    });
    const predictions = [
      ['right', null, 0],
      ['left', 0, null],
      ['left', null, null],
      [null, null, null],
    ].map(([label, left, right]) => ({ label, [role]: { left, right } }));
    expect(json).toEqual({ predictions });
    const labels = await host.post('/bigquery', { calls: [[-1, -1]], userDefinedContext: { answer: 'label' } });
    expect(labels.json).toEqual({ replies: [null] });
    const findBreach = createFindBreach((await host.request('GET', '/openapi.json')).json as OpenApi);
    expect(findBreach('POST', '/predict', await host.post('/predict', { instances: [[-1, -1]] }))).toBeUndefined();
  });

  test('counts them without losing the sums', async () => {
    await host.post('/predict', { instances: [[-1, 1]] });
    for (const name of ['predict_chosen_probability_sum', 'predict_run_rows_sum'])
      expect(await readSample(host, name)).not.toBeNaN();
  });

  test('asks for the classes that there are first', async () => {
    const inputs = [{ name: 'X', shape: [1, 2], datatype: 'FP32', data: [-1, 1] }];
    const outputs = [{ name: 'Y', parameters: { classification: 2 } }];
    const { json } = await host.post('/v2/models/logarithm/infer', { inputs, outputs });
    expect(json).toMatchObject({ outputs: [{ data: ['0:1:right', 'NaN:0:left'] }] });
  });
});
