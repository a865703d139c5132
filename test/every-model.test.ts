/** Every model answers its golden samples in every protocol, and no source knows any of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMismatch } from '../src/model/acceptance/golden-samples';
import { everyModel, toBinary, toGroups, toObject, toPredictions, toTensors, toValues } from './every-model';
import { type Host, type ProcessKind, startHost } from './hosts';
import { createFindBreach, type OpenApi } from './openapi/answers';
import { untilSample } from './scrape';

test('there are models of at least eight kinds among them', () => {
  const kinds = new Set(
    everyModel.map(({ card: { task, inputs, outputs, features } }) =>
      JSON.stringify([
        task,
        inputs.map(({ datatype }) => datatype),
        outputs.map(({ role, datatype }) => [role, datatype]),
        features.some(({ nullable }) => nullable),
      ]),
    ),
  );
  expect(kinds.size).toBeGreaterThanOrEqual(8);
});

const cases = everyModel.map((model, i) => {
  // What a model answers is worked out by the same code on every host: the other host gets one model in four.
  const kinds: readonly ProcessKind[] = i % 4 === 0 ? ['functions-framework', 'server.ts'] : ['server.ts'];
  // Instances of different sizes take another way to a thread than rows that are joined.
  const onThread = toGroups(model.card, model.samples).length > 1;
  return { ...model, kinds, onThread };
});

describe.each(cases)('$name', ({ directory, card, samples, kinds, onThread }) => {
  describe.each(kinds)('on %s', (kind) => {
    let host: Host;
    beforeAll(async () => {
      host = await startHost(kind, { env: { MODEL_DIR: directory, INFERENCE_THREADS: onThread ? '1' : '0' } });
      if (!onThread) return;
      await host.request('GET', '/v2/health/ready');
      await untilSample(host, (threads) => threads === 1, 'predict_inference_threads');
    });
    afterAll(() => host.stop());

    const instances = samples.map(({ instance }) => instance);
    const name = encodeURIComponent(card.name);
    const inferPath = `/v2/models/${name}/infer`;

    function expectGolden(predictions: unknown): void {
      expect(predictions).toHaveLength(samples.length);
      const answered = predictions as readonly unknown[];
      const wrong = samples.filter(
        ({ prediction }, i) => findMismatch(prediction, answered[i], card.tolerance) !== undefined,
      );
      expect(
        wrong.map(({ prediction }) => [
          prediction,
          answered[samples.findIndex((each) => each.prediction === prediction)],
        ]),
      ).toEqual([]);
    }

    async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
      const { status, json, text } = await host.post(path, body);
      expect(status === 200 ? 'ok' : text).toBe('ok');
      return json as Record<string, unknown>;
    }

    test('instances as arrays and as objects', async () => {
      expectGolden((await post('/predict', { instances: instances.map((each) => toValues(card, each)) })).predictions);
      expectGolden(
        (await post(`/v1/models/${name}:predict`, { instances: instances.map((each) => toObject(card, each)) }))
          .predictions,
      );
    });

    test('calls of BigQuery, of values and of JSON', async () => {
      expectGolden((await post('/bigquery', { calls: instances.map((each) => toValues(card, each)) })).replies);
      expectGolden((await post('/bigquery', { calls: instances.map((each) => [toObject(card, each)]) })).replies);
    });

    test('an event with instances', async () => {
      const data = { instances };
      const event = {
        specversion: '1.0',
        id: '1',
        source: '/test',
        type: 'test',
        datacontenttype: 'application/json',
        data,
      };
      const headers = { 'content-type': 'application/cloudevents+json' };
      const { json } = await host.request('POST', '/predict', { headers, body: JSON.stringify(event) });
      expectGolden((json as { data: { predictions: unknown } }).data.predictions);
    });

    test('tensors as JSON and as bytes', async () => {
      const asJson: unknown[] = [];
      const asBytes: unknown[] = [];
      for (const group of toGroups(card, instances)) {
        const inputs = toTensors(card, group);
        asJson.push(...toPredictions(card, await host.post(inferPath, { inputs }), group.length));

        const parts = inputs.map(({ datatype, data }) => toBinary(datatype, data));
        const described = inputs.map(({ data, ...input }, i) => ({
          ...input,
          parameters: { binary_data_size: parts[i]?.length },
        }));
        const head = Buffer.from(JSON.stringify({ inputs: described }));
        const headers = { 'inference-header-content-length': String(head.length) };
        const reply = await host.request('POST', inferPath, { headers, body: Buffer.concat([head, ...parts]) });
        asBytes.push(...toPredictions(card, reply, group.length));
      }
      expectGolden(asJson);
      expectGolden(asBytes);
    });

    test('what the server says of the model', async () => {
      const { json: document } = await host.request('GET', '/openapi.json');
      const findBreach = createFindBreach(document as OpenApi);
      for (const [path, body] of [
        ['/predict', { instances }],
        [inferPath, { inputs: toTensors(card, toGroups(card, instances)[0] as readonly unknown[]) }],
      ] as const)
        expect(findBreach('POST', path, await host.post(path, body))).toBeUndefined();
      const page = await host.request('GET', '/', { headers: { accept: 'text/html' } });
      expect([page.status, page.text.includes(card.title)]).toEqual([200, true]);
      expect((await host.request('GET', '/model-card.json')).json).toEqual(
        JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')),
      );
    });
  });
});
