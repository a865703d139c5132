import { bytesField, doubleField, textField } from '../../src/protobuf/write';
import { createGrpcClient, inferRequest, readInferResponse } from '../grpc-client';
import { describeEachHost, startHost } from '../hosts';
import { card, modelPath, samples, toObjectForm } from '../model-files';
import { type Predicted, predictWith } from '../served-coverage';
import { inferenceOf, path as inferencePath, readBinary, tensor } from './open-inference/inference';

const rows = samples.map(({ instance }) => instance);
const coverage = 0.97;

interface Columns {
  readonly outputs: Readonly<Record<string, readonly unknown[]>>;
}

interface ToolAnswer {
  readonly tools?: readonly { readonly inputSchema: { readonly properties: Readonly<Record<string, unknown>> } }[];
  readonly structuredContent?: Predicted;
}

describeEachHost('A request with a coverage', (host) => {
  const expected = async () => (await predictWith(host, rows, coverage)).predictions.map(({ label_set }) => label_set);

  test('gets the label it gets without, and more labels where it is unsure', async () => {
    const { predictions } = await predictWith(host, rows, coverage);
    const plain = (await host.post('/predict', { instances: rows })).json as Predicted;
    expect(predictions.map(({ label_set: _, ...others }) => others)).toEqual(plain.predictions);
    const sets = predictions.map(({ label_set = [] }) => label_set);
    expect(sets.every((labels, i) => labels.includes(plain.predictions[i]?.label ?? ''))).toBe(true);
    expect(new Set(sets.map(({ length }) => length))).toEqual(new Set([1, 2]));
  });

  test('may also ask for flags, in each path and carrier of the format', async () => {
    const body = { instances: rows, parameters: { coverage, flag: true } };
    const event = { specversion: '1.0', id: '1', source: 'test', type: 'test', data: body };
    for (const [path, sent] of [
      [`${modelPath}:predict`, body],
      ['/predict', { inputs: rows, parameters: body.parameters }],
      ['/', body],
    ] as const) {
      const { json } = await host.post(path, sent);
      expect(json).toMatchObject({ flagged_rows: 1, coverage: { requested: coverage, rows: 120 } });
    }
    const headers = { 'content-type': 'application/cloudevents+json' };
    const { json } = await host.request('POST', '/', { headers, body: JSON.stringify(event) });
    const { data } = json as { readonly data: Predicted };
    expect(data.predictions.map(({ label_set }) => label_set)).toEqual(await expected());
  });

  test('gets the same sets as a tensor of truth values, as JSON and as bytes', async () => {
    const sets = (await expected()).map((labels = []) => card.labels.map((label) => labels.includes(label)));
    const body = { inputs: [tensor(rows.flat())], parameters: { coverage } };
    const reply = inferenceOf(await host.post(`${inferencePath}/infer`, body));
    expect(reply).toMatchObject({ parameters: { coverage, calibration_rows: 120 } });
    expect(reply.outputs.at(-1)).toEqual({
      name: 'label_set',
      datatype: 'BOOL',
      shape: [rows.length, card.labels.length],
      data: sets.flat(),
    });
    const binary = { ...body, parameters: { coverage, binary_data_output: true }, outputs: [] };
    const sent = await host.post(`${inferencePath}/infer`, binary);
    const { outputs } = readBinary(sent);
    expect(outputs.map(({ name }) => name)).toEqual(['label_set']);
    const bytes = sent.bytes.subarray(sent.bytes.length - sets.flat().length);
    expect([...bytes].map(Boolean)).toEqual(sets.flat());
  });

  test('gets the same sets from BigQuery, whose context holds texts', async () => {
    const ask = async (context: object) =>
      (
        (await host.post('/bigquery', { calls: rows, userDefinedContext: context })).json as {
          replies: Predicted['predictions'];
        }
      ).replies;
    const sets = await expected();
    expect((await ask({ coverage: String(coverage) })).map(({ label_set }) => label_set)).toEqual(sets);
    expect(await ask({ coverage, answer: 'label_set' })).toEqual(sets);
  });

  test('gets the same sets as an agent, whose tools say what a coverage may be', async () => {
    const call = (method: string, params: object = {}) =>
      host
        .post('/mcp', { jsonrpc: '2.0', id: 1, method, params })
        .then(({ json }) => json as { readonly result: ToolAnswer });
    const { result: listed } = await call('tools/list');
    expect(listed.tools?.[0]?.inputSchema.properties.coverage).toMatchObject({
      exclusiveMinimum: 0,
      maximum: 120 / 121,
    });
    const args = { instances: rows.map(toObjectForm), coverage };
    const { result } = await call('tools/call', { name: 'predict', arguments: args });
    expect(result.structuredContent?.predictions.map(({ label_set }) => label_set)).toEqual(await expected());
    const { result: refused } = await call('tools/call', { name: 'predict', arguments: { ...args, coverage: 2 } });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching('/coverage: expected a number') }],
    });
  });

  test.each<[string, unknown, string]>([
    ['0', 0, 'expected a number between 0 and 1, such as 0.9, got the number 0'],
    ['1', 1, 'expected a number between 0 and 1, such as 0.9, got the number 1'],
    ['a text', '0.9', 'got the string "0.9"'],
    ['an object', {}, 'got an object'],
    ['more than 120 rows can tell', 0.992, 'expected at most 0.9917, which 120 calibration rows allow, got 0.992'],
  ])('that is %s is refused with the reason', async (_, wrong, says) => {
    const reply = await host.post('/predict', { instances: rows, parameters: { coverage: wrong } });
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining(JSON.stringify(says).slice(1, -1))]);
    expect(reply.json).toMatchObject({ errors: [{ pointer: '/parameters/coverage' }] });
    const body = { inputs: [tensor(rows.flat())], parameters: { coverage: wrong } };
    const inference = await host.post(`${inferencePath}/infer`, body);
    expect([inference.status, inference.text]).toEqual([
      400,
      expect.stringContaining(JSON.stringify(says).slice(1, -1)),
    ]);
  });

  test('gets the same sets as a column of truth values, with columns', async () => {
    const columns = Object.fromEntries(card.features.map(({ name }, i) => [name, rows.map((row) => row[i])]));
    const sets = (await expected()).map((labels = []) => card.labels.map((label) => labels.includes(label)));
    for (const inputs of [columns, { [card.inputs[0]?.name ?? '']: rows }]) {
      const plain = (await host.post('/predict', { inputs, parameters: {} })).json as Columns;
      const { json } = await host.post(`${modelPath}:predict`, { inputs, parameters: { coverage } });
      expect(json).toEqual({
        outputs: { ...plain.outputs, label_set: sets },
        coverage: { requested: coverage, rows: 120 },
      });
    }
    const refused = await host.post('/predict', { inputs: { data: columns }, parameters: { coverage } });
    expect([refused.status, refused.json]).toMatchObject([422, { errors: [{ pointer: '/parameters/coverage' }] }]);
    expect((await host.post('/predict', { inputs: columns, parameters: { coverage: 1 } })).text).toContain(
      'expected a number between 0 and 1',
    );
  });

  test('that is null is none', async () => {
    const { json } = await host.post('/predict', { instances: rows, parameters: { coverage: null } });
    expect(Object.keys(json as object)).toEqual(['predictions']);
    const { json: called } = await host.post('/bigquery', { calls: rows, userDefinedContext: { coverage: null } });
    const inference = { inputs: [tensor(rows.flat())], parameters: { coverage: null } };
    const { outputs } = inferenceOf(await host.post(`${inferencePath}/infer`, inference));
    expect(JSON.stringify([called, outputs])).not.toContain('label_set');
  });
});

describe('over gRPC', () => {
  test.each([
    ['a decimal', doubleField(4, coverage)],
    ['a text', textField(3, String(coverage))],
  ])('a coverage that is %s adds the sets and says what they are worth', async (_, parameter) => {
    const host = await startHost('in process');
    const client = await createGrpcClient(host.port);
    try {
      const entry = (value: Buffer) => bytesField(4, Buffer.concat([textField(1, 'coverage'), bytesField(2, value)]));
      const { message, code } = await client.call('ModelInfer', Buffer.concat([inferRequest(rows), entry(parameter)]));
      const sets = (await predictWith(host, rows, coverage)).predictions.map(({ label_set }) => label_set);
      const mask = sets.flatMap((labels = []) => card.labels.map((label) => Number(labels.includes(label))));
      expect([code, [...(readInferResponse(message).outputs.label_set ?? [])]]).toEqual([0, mask]);
      expect(message.includes('calibration_rows')).toBe(true);
      const named = (name: string) =>
        bytesField(4, Buffer.concat([textField(1, name), bytesField(2, doubleField(4, coverage))]));
      const almost = await client.call('ModelInfer', Buffer.concat([inferRequest(rows), named('covrage')]));
      expect([almost.code, almost.text]).toEqual([3, expect.stringContaining('did you mean "coverage"?')]);
      const foreign = await client.call('ModelInfer', Buffer.concat([inferRequest(rows), named('average')]));
      expect(foreign.code).toBe(0);
      const refused = await client.call('ModelInfer', Buffer.concat([inferRequest(rows), entry(textField(3, 'much'))]));
      expect([refused.code, refused.text]).toEqual([
        3,
        expect.stringContaining('/parameters/coverage: expected a number'),
      ]);
    } finally {
      client.close();
      await host.stop();
    }
  });
});
