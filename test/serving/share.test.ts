/** A candidate that takes a share of the requests, and one that is not fit to. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEachHost, type Host, launchHost, startHost } from '../hosts';
import { readSample } from '../scrape';
import { copyPair, until, untilBothLoaded } from './pair';

const pair = copyPair('square', 'lookup');
afterAll(() => pair.remove());
const envOf = (traffic: string, directory = pair.directory) => ({ MODEL_DIR: directory, CANDIDATE_TRAFFIC: traffic });

const ask = (host: Host, path = '/predict') => host.post(path, { instances: [[2]] });
const fromChampion = { predictions: [{ value: 4 }] };
const fromCandidate = { predictions: [{ value: 30 }] };

describeEachHost(
  'a candidate with every request',
  (host) => {
    it('answers in each protocol, and says so', async () => {
      await untilBothLoaded(host);
      const { json, headers } = await ask(host);
      expect([json, headers['model-version']]).toEqual([fromCandidate, '2']);
      expect((await ask(host, '/v1/models/square:predict')).json).toEqual(fromCandidate);
      expect((await host.post('/bigquery', { calls: [[2]] })).headers['model-version']).toBe('2');
      const inputs = [{ name: 'X', shape: [1, 1], datatype: 'FP32', data: [2] }];
      const { json: inference } = await host.post('/v2/models/square/infer', { inputs });
      expect(inference).toMatchObject({ model_version: '2', outputs: [{ data: [30] }] });
      expect(await readSample(host, 'predict_requests_total', { version: '2', route: '/predict' })).toBe(1);
    });

    it('leaves those to the champion that name its version', async () => {
      expect((await ask(host, '/v1/models/square/versions/1:predict')).json).toEqual(fromChampion);
      expect((await ask(host, '/v1/models/square/versions/2:predict')).json).toEqual(fromCandidate);
      const { status, json } = await ask(host, '/v1/models/square/versions/3:predict');
      expect([status, json]).toEqual([404, expect.objectContaining({ detail: expect.stringMatching(/"1" and "2"/) })]);
    });

    it('stands in what the server says of itself', async () => {
      const { json } = await host.request('GET', '/v2/models/square');
      expect(json).toMatchObject({ versions: ['1', '2'] });
      const { json: document } = await host.request('GET', '/openapi.json');
      const { paths } = document as { paths: object };
      for (const path of ['/v1/models/square/versions/2:predict', '/v2/models/square/versions/2/infer'])
        expect(Object.keys(paths)).toContain(path);
    });
  },
  { env: envOf('100') },
);

it('A share of 30 % is about 30 %, and each answer is that of the version it names', async () => {
  const host = await startHost('server.ts', { env: envOf('30') });
  await untilBothLoaded(host);
  const answers = await Promise.all(Array.from({ length: 400 }, () => ask(host)));
  const candidates = answers.filter(({ headers }) => headers['model-version'] === '2');
  const named = answers.map(({ headers }) => (headers['model-version'] === '2' ? fromCandidate : fromChampion));
  expect(answers.map(({ json }) => json)).toEqual(named);
  // Six standard deviations to both sides.
  expect(candidates.length).toBeGreaterThan(120 - 55);
  expect(candidates.length).toBeLessThan(120 + 55);
  expect(await host.line(/"modelVersion":"2"/)).toMatch(/"rows":1/);
  await host.stop();
});

it('Without the setting the candidate is not there', async () => {
  const host = await startHost('server.ts', { env: { MODEL_DIR: pair.directory } });
  expect((await ask(host)).json).toEqual(fromChampion);
  expect((await ask(host, '/v1/models/square/versions/2:predict')).status).toBe(404);
  await host.stop();
});

it('A candidate whose weights are not its card’s costs no request', async () => {
  const broken = copyPair('square', 'lookup');
  writeFileSync(join(broken.directory, 'candidate/model.onnx'), 'other weights');
  const host = await startHost('server.ts', { env: envOf('100', broken.directory) });
  expect((await ask(host)).json).toEqual(fromChampion);
  await host.line(/"ERROR".*Version 2 of the model could not be loaded.*sha256/);
  expect((await ask(host)).json).toEqual(fromChampion);
  expect((await ask(host, '/v1/models/square/versions/2:predict')).status).toBe(503);
  await until(host, 0, 'predict_model_ready', { version: '2' });
  await host.stop();
  broken.remove();
});

describe('a candidate stops the start', () => {
  const noMore = { features: [{ name: 'y', description: 'Any.', input: 'X', column: 0 }] };
  it.each([
    [
      'whose features are others',
      (card: object) => ({ ...card, ...noMore }),
      /cannot replace 1: expected the features .*\\"x\\".*, got .*\\"y\\"/,
    ],
    [
      'of another precision',
      (card: { inputs: readonly object[] }) => ({
        ...card,
        inputs: card.inputs.map((input) => ({ ...input, datatype: 'FP64' })),
      }),
      /cannot replace 1: expected the inputs .*FP32.*, got .*FP64.*; package it with precision=\\"float32\\" or/,
    ],
    [
      'of the same version',
      (card: object) => ({ ...card, version: '1' }),
      /expected another version, got \\"1\\" again/,
    ],
  ])('%s', async (_title, change, message) => {
    const unfit = copyPair('square', 'lookup', change as never);
    const host = await launchHost('server.ts', { env: envOf('shadow', unfit.directory) });
    expect(await host.line(/"ERROR"/)).toMatch(message);
    expect(await host.exitCode).toBe(1);
    unfit.remove();
  });

  it('that knows nothing of its errors beside a champion that does', async () => {
    const unfit = copyPair('diabetes', 'diabetes', ({ uncertainty: _, ...others }) => others);
    const host = await launchHost('server.ts', { env: envOf('50', unfit.directory) });
    expect(await host.line(/"ERROR"/)).toMatch(/cannot replace 1: expected an uncertainty/);
    expect(await host.exitCode).toBe(1);
    unfit.remove();
  });

  it('that would tell what the champion keeps private', async () => {
    const unfit = copyPair('square', 'lookup');
    unfit.edit<{ features: readonly object[] }>('card.json', (card) => ({
      ...card,
      features: card.features.map((feature) => ({ ...feature, private: true })),
    }));
    const host = await launchHost('server.ts', { env: envOf('50', unfit.directory) });
    expect(await host.line(/"ERROR"/)).toMatch(/cannot replace 1: expected the feature \\"x\\" to be private, as in/);
    expect(await host.exitCode).toBe(1);
    unfit.remove();
  });

  it('that is not there', async () => {
    const host = await launchHost('server.ts', { env: { CANDIDATE_TRAFFIC: 'shadow' } });
    expect(await host.line(/"ERROR"/)).toMatch(/CANDIDATE_TRAFFIC is \\"shadow\\", but .*candidate has no card.json/);
    expect(await host.exitCode).toBe(1);
  });
});
