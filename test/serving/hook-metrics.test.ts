/** The metrics tell how long hooks take for an instance, waiting included. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHookedModel } from '../hooked-model';
import { type Host, startHost } from '../hosts';
import { readSample } from '../scrape';

const work = mkdtempSync(join(tmpdir(), 'hook-metrics-'));
afterAll(() => rmSync(work, { recursive: true }));

const counts = async (host: Host) => [
  await readSample(host, 'predict_hook_seconds_count', { hook: 'before', version: '1' }),
  await readSample(host, 'predict_hook_seconds_count', { hook: 'after', version: '1' }),
];
const toInstances = (...sides: string[]) => ({ instances: sides.map((side) => ({ side })) });

test('each call for a caller is counted, those for golden samples are not', async () => {
  const directory = join(work, 'both');
  writeHookedModel(directory);
  const host = await startHost('in process', { env: { MODEL_DIR: directory } });
  await host.request('GET', '/v2/health/ready');
  expect((await host.request('GET', '/metrics')).text).not.toContain('predict_hook_seconds');
  await host.post('/predict', toInstances('1 cm', '2. cm', '3 cm'));
  expect(await counts(host)).toEqual([3, 3]);
  expect((await host.post('/predict', toInstances('1 cm', '2 inch'))).status).toBe(422);
  expect(await counts(host)).toEqual([5, 3]);
  await host.stop();
});

test('time that a hook waits for something counts, up to its deadline', async () => {
  const directory = join(work, 'slow');
  writeHookedModel(directory);
  const host = await startHost('in process', { env: { MODEL_DIR: directory } });
  // The deadline of these hooks is 300 ms.
  expect((await host.post('/predict', toInstances('never cm'))).status).toBe(503);
  expect(await readSample(host, 'predict_hook_seconds_sum', { hook: 'before' })).toBeGreaterThan(0.29);
  await host.stop();
});

test('a hook that is not there is not counted', async () => {
  const directory = join(work, 'before-only');
  const source = `exports.before = ({ side }) => ({ x: Number.parseFloat(side) });`;
  const golden = [{ instance: { side: '2 cm' }, prediction: { value: 4 } }];
  writeHookedModel(directory, { source, golden, card: { prediction: {} } });
  const host = await startHost('in process', { env: { MODEL_DIR: directory } });
  expect((await host.post('/predict', toInstances('3 cm'))).json).toEqual({ predictions: [{ value: 9 }] });
  expect(await counts(host)).toEqual([1, Number.NaN]);
  await host.stop();
});

test('models of callers who send features have no such metric', async () => {
  const host = await startHost('in process');
  expect((await host.request('GET', '/metrics')).text).not.toContain('predict_hook_seconds');
  await host.stop();
});
