/** The replay asks another version what callers asked. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../capture/captured';
import { startHost } from '../../hosts';
import { copyModel } from '../../model-copy';
import { card, modelDirectory, modelPath, samples, toObjectForm } from '../../model-files';
import { copyPair } from '../../serving/pair';
import { runLoop } from './loop-command';

test('the same version answers the same', async () => {
  const own = makeDirectory();
  const env = { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: modelDirectory };
  const host = await startHost('in process', { env });
  await host.post('/predict', { instances: samples.map(({ instance }) => instance) });
  await host.post('/predict', { instances: samples.slice(0, 9).map(({ instance }) => instance) });
  await host.stop();
  const { status, stdout } = runLoop('replay', own.directory, '--model', modelDirectory);
  expect(status).toBe(0);
  expect(stdout).toContain(`${samples.length + 9} captured rows asked of ${card.name} ${card.version}`);
  expect(stdout).toContain(`same: ${samples.length + 9}, another label: 0\nlargest difference between numbers: 0\n`);
  expect(stdout).toContain('which one is right is not known');
  own.remove();
});

test('another version that is wrong more often than by chance is found out', async () => {
  const pair = copyPair('square', 'lookup');
  const own = makeDirectory();
  const env = { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: pair.directory };
  const host = await startHost('in process', { env });
  const values = Array.from({ length: 40 }, (_, i) => (i % 4) / 2);
  const headers = { 'content-type': 'application/json', 'prediction-id': 'squares' };
  await host.request('POST', '/predict', {
    headers,
    body: JSON.stringify({ instances: values.map((value) => [value]) }),
  });
  const feedback = values.map((value, row) => ({ id: 'squares', row, value: value * value }));
  expect((await host.post('/v1/models/square:feedback', { feedback })).json).toEqual({ accepted: 40 });
  expect((await host.post('/v1/models/square:feedback', { feedback: [{ id: 'a', value: '3' }] })).status).toBe(422);
  await host.stop();
  const { status, stdout, stderr } = runLoop('replay', own.directory, '--model', join(pair.directory, 'candidate'));
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('40 captured rows asked of square 2');
  expect(stdout).toMatch(/another value: [1-9]/);
  expect(stdout).toContain('of 40 rows with feedback, mean squared error as served: 0, now: ');
  expect(stdout).toContain('More than chance: what was served is better.');
  const report = runLoop('report', own.directory, '--model', pair.directory).stdout;
  expect(report).toContain('live root mean squared error: 0 (mean absolute error 0, 40 rows)');
  own.remove();
  pair.remove();
});

test('a handful of rows tells nothing from chance', () => {
  const own = makeDirectory();
  const head = { time: '2026-11-27T01:41:47.246Z', model: 'square', version: '1', id: 'a' };
  const { features } = JSON.parse(readFileSync('test/fixtures/models/square/card.json', 'utf8')) as {
    features: { name: string }[];
  };
  const instances = Array.from({ length: 5 }, () => ({ [features[0]?.name as string]: 1 }));
  const told = instances.map((_, row) => ({ ...head, row, feedback: { value: 1 } }));
  const lines = [{ ...head, instances, predictions: instances.map(() => ({ value: 9 })) }, ...told];
  writeFileSync(join(own.directory, 'captures-1.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'));
  const { stdout } = runLoop('replay', own.directory, '--model', 'test/fixtures/models/square');
  expect(stdout).toContain('of 5 rows with feedback, mean squared error as served: 64, now: 0');
  expect(stdout).toContain('Fewer than 6 rows cannot tell the difference from chance.');
  own.remove();
});

test('a version with other labels lacks their probabilities, and that is said', () => {
  const copy = copyModel(modelDirectory);
  const [label = ''] = card.labels;
  copy.edit<{ labels: string[] }>('card.json', (document) => ({
    ...document,
    labels: document.labels.map((each) => (each === label ? 'rose' : each)),
  }));
  copy.write('samples.json', readFileSync(join(modelDirectory, 'samples.json'), 'utf8').replaceAll(label, 'rose'));
  const own = makeDirectory();
  const [{ instance, prediction }] = samples as readonly [(typeof samples)[number]];
  const head = { time: '2026-11-27T01:41:47.246Z', model: card.name, version: '1', id: 'a' };
  const record = { ...head, instances: [toObjectForm(instance)], predictions: [prediction] };
  writeFileSync(join(own.directory, 'captures-1.ndjson'), JSON.stringify(record));
  const { status, stdout } = runLoop('replay', own.directory, '--model', copy.directory);
  expect(status).toBe(0);
  expect(stdout).toContain('one of two answers lacks a number that the other has');
  own.remove();
  copy.remove();
});

test('asks for a model', () => {
  expect(runLoop('replay', modelPath)).toMatchObject({
    status: 2,
    stderr: 'replay asks another model: expected --model=DIRECTORY.\n',
  });
});
