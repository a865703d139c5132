/** Hooks that are slow, or make much, cost no more than a request may. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHookedModel } from '../hooked-model';
import { startHost } from '../hosts';

const json = { 'content-type': 'application/json' };
const work = mkdtempSync(join(tmpdir(), 'slow-hooks-'));
afterAll(() => rmSync(work, { recursive: true }));
const text = { type: 'string' };
const card = {
  instance: { type: 'object', properties: { do: { $ref: '#/$defs/word' } }, $defs: { word: text } },
  prediction: {},
  timeoutMs: 2_000,
};
const source = `
  let calls = 0;
  exports.before = ({ do: what }) => {
    calls++;
    if (what === 'wait') return new Promise((resolve) => setTimeout(resolve, 300, Float32Array.of(2)));
    return [what === 'pixels' ? Float32Array.of(3)[0] : 1];
  };
  exports.after = ({ value }, { do: what }) => (what === 'much' ? 'x'.repeat(1e5) : what === 'calls' ? calls : value);`;
const golden = [{ instance: { do: 'pixels' }, prediction: 9 }];
const launch = (directory: string, env: Readonly<Record<string, string>>) => {
  writeHookedModel(join(work, directory), { source, golden, card });
  return startHost('server.ts', { env: { MODEL_DIR: join(work, directory), ...env } });
};

test('are refused more rows than may wait, and end for a caller who has gone', async () => {
  const host = await launch('slow', { MAX_QUEUED_ROWS: '200' });
  const count = async () =>
    ((await host.post('/predict', { instances: [{ do: 'calls' }] })).json as { predictions: [number] }).predictions[0];
  const before = await count();
  const gone = new AbortController();
  const instances = Array.from({ length: 200 }, () => ({ do: 'wait' }));
  const sent = fetch(`${host.url}/predict`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ instances }),
    signal: gone.signal,
  }).catch(() => undefined);
  let refused = await host.post('/predict', { instances: [{ do: 'pixels' }] });
  while (refused.status === 200) refused = await host.post('/predict', { instances: [{ do: 'pixels' }] });
  expect(refused).toMatchObject({
    status: 429,
    json: { detail: expect.stringContaining("200 rows wait for the model's hooks") },
  });
  gone.abort();
  await sent;
  let free = await host.post('/predict', { instances: [{ do: 'pixels' }] });
  while (free.status === 429) free = await host.post('/predict', { instances: [{ do: 'pixels' }] });
  expect(free.json).toEqual({ predictions: [9] });
  expect((await count()) - before).toBeLessThan(200);
  await host.stop();
});

test('answer no more than a reply may hold', async () => {
  const host = await launch('much', { MAX_REPLY_BYTES: '1000000' });
  const { status, json: problem } = await host.post('/predict', {
    instances: Array.from({ length: 2_000 }, () => ({ do: 'much' })),
  });
  expect([status, (problem as { type: string }).type]).toEqual([413, 'urn:problem-type:onnx-predict:reply-too-large']);
  await host.stop();
});

test('keep what their schemas refer to', async () => {
  const host = await launch('schema', {});
  const document = JSON.parse((await host.request('GET', '/openapi.json')).text) as {
    components: { schemas: { Instances: { items: object } } };
  };
  expect(document.components.schemas.Instances.items).toMatchObject({ $id: 'urn:onnx-predict:hooks:instance' });
  await host.stop();
});

test('hooks without `before` let the card say what is wrong, at its place among many', async () => {
  const directory = join(work, 'after-only');
  const schema = { type: 'object', properties: { x: {} } };
  writeHookedModel(directory, {
    source: 'exports.after = ({ value }) => ({ squared: value });',
    golden: [{ instance: { x: 3 }, prediction: { squared: 9 } }],
    card: { instance: schema, prediction: {} },
  });
  const host = await startHost('server.ts', { env: { MODEL_DIR: directory, MAX_BATCH_ROWS: '8' } });
  const instances = Array.from({ length: 30 }, (_, x): object => ({ x }));
  const { json: good } = await host.post('/predict', { instances });
  expect(good).toEqual({ predictions: instances.map((_, x) => ({ squared: x * x })) });
  const { status, json: problem } = await host.post('/predict', { instances: instances.with(21, { x: 'text' }) });
  expect([status, (problem as { errors: object[] }).errors]).toEqual([
    422,
    [{ pointer: '/instances/21/x', detail: 'x: expected a number, got the string "text"' }],
  ]);
  await host.stop();
});
