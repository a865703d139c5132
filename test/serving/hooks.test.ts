/** A model with hooks: callers send and get what its schemas say, in every protocol that takes instances. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOf, writeHookedModel } from '../hooked-model';
import { describeEachHost } from '../hosts';

const directory = mkdtempSync(join(tmpdir(), 'hooked-'));
writeHookedModel(directory);
afterAll(() => rmSync(directory, { recursive: true }));

const sides = ['1.5 cm', '4. cm', '-3 cm', '8. cm', '7 cm'];
const answers = sides.map((side) => answerOf(side));
const json = { 'content-type': 'application/json' };

describeEachHost(
  'Hooks',
  (host) => {
    test('make features of objects, or of values in the order of the schema', async () => {
      const objects = await host.post('/predict', { instances: sides.map((side) => ({ side })) });
      expect([objects.status, objects.json]).toEqual([200, { predictions: answers }]);
      const arrays = await host.post('/v1/models/square:predict', {
        instances: [
          ['2 cm', 3],
          ['2 cm', null],
        ],
      });
      expect(arrays.json).toEqual({ predictions: [answerOf('2 cm', 3), answerOf('2 cm')] });
    });

    test('stand before BigQuery, data frames, lines, CSV, events and tools, too', async () => {
      const calls = [['2 cm', 3], [null, null], [{ side: '1 cm' }]];
      const replies = [answerOf('2 cm', 3), null, answerOf('1 cm')];
      expect((await host.post('/bigquery', { calls })).json).toEqual({ replies });
      const two = { predictions: answers.slice(0, 2) };
      const [one, other] = sides as [string, string];
      const frames = [
        { dataframe_split: { columns: ['side'], data: [[one], [other]] } },
        { dataframe_records: [{ side: one }, { side: other }] },
        { inputs: { side: [one, other] } },
      ];
      for (const frame of frames) expect((await host.post('/invocations', frame)).json).toEqual(two);
      const asLines = await host.request('POST', '/invocations', {
        body: `{"side":"${one}"}\n{"side":"${other}"}\n`,
        headers: { 'content-type': 'application/jsonlines' },
      });
      expect(asLines.text).toBe(
        answers
          .slice(0, 2)
          .map((answer) => `${JSON.stringify(answer)}\n`)
          .join(''),
      );
      const csv = await host.request('POST', '/invocations', {
        body: `side\n${one}\n${other}\n`,
        headers: { 'content-type': 'text/csv', accept: 'text/csv' },
      });
      expect(csv.text).toBe(
        answers
          .slice(0, 2)
          .map(({ area, text }) => `${area},${text}\n`)
          .join(''),
      );
      const event = { specversion: '1.0', id: '1', source: 'test', type: 'test', data: { instances: [{ side: one }] } };
      const answered = await host.request('POST', '/predict', {
        body: JSON.stringify(event),
        headers: { 'content-type': 'application/cloudevents+json' },
      });
      expect((JSON.parse(answered.text) as { data: unknown }).data).toEqual({ predictions: answers.slice(0, 1) });
      const call = { name: 'predict', arguments: { instances: [{ side: one }] } };
      const tool = await host.request('POST', '/mcp', {
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
        headers: { ...json, accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' },
      });
      expect(JSON.parse(tool.text).result.structuredContent).toEqual({ predictions: answers.slice(0, 1) });
    });

    test('leave tensors as they are', async () => {
      const inputs = [{ name: 'X', datatype: 'FP32', shape: [2, 1], data: [2, 3] }];
      const { json: answer } = await host.post('/v2/models/square/infer', { inputs });
      expect(answer).toMatchObject({ outputs: [{ name: 'Y', data: [4, 9] }] });
    });

    test.each([
      [{ side: 5 }, '/instances/1/side', 'expected a string, got the number 5'],
      [{}, '/instances/1', 'expected the member "side", which is missing'],
      [{ side: '1 cm', far: 1 }, '/instances/1/far', 'expected no such member'],
      [{ side: '1 cm', times: 0 }, '/instances/1/times', 'expected at least 1, got the number 0'],
      [{ side: '1 inch' }, '/instances/1/side', 'expected a length in cm, got "1 inch"'],
      [['1 inch', 1], '/instances/1/0', 'expected a length in cm, got "1 inch"'],
      [[5, 1], '/instances/1/0', 'expected a string, got the number 5'],
      ['1 cm', '/instances/1', 'expected an object, got the string "1 cm"'],
    ])('tell the caller what is wrong with %j, and where', async (instance, pointer, detail) => {
      const { status, json: problem } = await host.post('/predict', { instances: [{ side: '1 cm' }, instance] });
      expect(status).toBe(422);
      expect(problem).toMatchObject({ errors: [{ pointer, detail }] });
    });

    test.each([
      ['throws', 'fail cm', 500],
      ['makes features that do not match', 'text cm', 500],
      ['makes no answer', '13 cm', 500],
      ['never ends', 'never cm', 503],
    ])('that %s fail only the request that asked', async (_, side, expected) => {
      const good = Array.from({ length: 4 }, () => host.post('/predict', { instances: [{ side: '2 cm' }] }));
      const { status, text } = await host.post('/predict', { instances: [{ side: '1 cm' }, { side }] });
      expect(status).toBe(expected);
      expect(text).not.toMatch(/secret|hooks\.js| at /);
      for (const each of await Promise.all(good)) expect(each.json).toEqual({ predictions: [answerOf('2 cm')] });
    });

    test('take many instances, in order', async () => {
      const many = Array.from({ length: 3_000 }, (__, i) => `${i}${i % 3 === 0 ? '.' : ''} cm`).filter(
        (side) => !side.startsWith('13'),
      );
      const { json: answer } = await host.post('/predict', { instances: many.map((side) => ({ side })) });
      expect(answer).toEqual({ predictions: many.map((side) => answerOf(side)) });
    });

    test('have no explanations, and no flags', async () => {
      const instances = [{ side: '1 cm' }];
      expect((await host.post('/v1/models/square:explain', { instances })).status).toBe(404);
      expect((await host.post('/predict', { instances, parameters: { flag: true } })).status).toBe(422);
    });

    test('are what the document, the page and the tools describe', async () => {
      const { components } = JSON.parse((await host.request('GET', '/openapi.json')).text) as {
        components: { schemas: Record<string, unknown> };
      };
      expect(components.schemas.Instances).toMatchObject({ items: { required: ['side'] } });
      expect(components.schemas.Prediction).toMatchObject({ required: ['area', 'text'] });
      expect(JSON.stringify(components.schemas)).not.toContain('InstanceArray');
      const page = (await host.request('GET', '/', { headers: { accept: 'text/html' } })).text;
      expect(page).toContain('A length, as in');
      const tools = await host.request('POST', '/mcp', {
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
        headers: { ...json, accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' },
      });
      expect(tools.text).toContain('A length, as in');
    });
  },
  { env: { MODEL_DIR: directory } },
);
