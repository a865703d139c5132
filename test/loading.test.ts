/** The model loads when it is needed, is refused when it is not the card's, and gets another chance each time. */
import type { Reply } from './client';
import { holdModel } from './held-model';
import { type Host, startHost } from './hosts';
import { copyModel, type ModelCopy } from './model-copy';
import { type Card, card, goodInstance, modelPath, type Sample } from './model-files';
import { readSample } from './scrape';

const weightsFile = card.weights.file;
const good = { instances: [goodInstance] };
const failure = /"Version \S+ of the model could not be loaded\."/;
type CardWithTraining = Pick<Card, 'training'>;
let copy: ModelCopy;

beforeEach(() => {
  copy = copyModel();
});
afterEach(() => copy.remove());

/** Runs a test on a host that serves the copy, and ends the host. */
async function withHost(env: Readonly<Record<string, string>>, run: (host: Host) => Promise<void>): Promise<void> {
  const host = await startHost('server.ts', { env: { MODEL_DIR: copy.directory, ...env } });
  try {
    await run(host);
  } finally {
    await host.stop();
  }
}

function expectUnavailable({ status, headers, json, text }: Reply): void {
  expect({ status, json }).toMatchObject({
    status: 503,
    json: { type: 'urn:problem-type:onnx-predict:model-unavailable' },
  });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(text).not.toContain(copy.directory);
}

test('a host whose weights are broken starts, is live and refuses predictions until they are mended', async () => {
  copy.write(weightsFile, 'not a model');
  await withHost({}, async (host) => {
    expect((await host.request('GET', '/v2/health/live')).status).toBe(200);
    expect(host.stdout.filter((line) => failure.test(line))).toEqual([]);

    expectUnavailable(await host.post('/', good));
    const ready = await host.request('GET', '/v2/health/ready');
    expectUnavailable(ready);
    expect(ready.json).toMatchObject({ error: expect.any(String) });
    expectUnavailable(await host.request('GET', modelPath));

    copy.restore(weightsFile);
    expect((await host.post('/', good)).status).toBe(200);
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(200);
  });
});

test('weights that another version of the runtime has checked are refused, and the log says which and how to retrain', async () => {
  copy.edit<CardWithTraining>('card.json', ({ training, ...others }) => ({
    ...others,
    training: { ...training, environment: { ...training.environment, onnxruntime: '1.12.0' } },
  }));
  const { onnxruntime } = card.training.environment;
  await withHost({}, async (host) => {
    expectUnavailable(await host.post('/', good));
    const line = await host.line(failure);
    for (const part of [
      'onnxruntime 1.12.0',
      `${onnxruntime} would serve`,
      `onnxruntime==${onnxruntime}`,
      'npm run train',
    ])
      expect(line).toContain(part);
  });
});

test('weights whose card names no version of the runtime are served', async () => {
  copy.edit<CardWithTraining>('card.json', ({ training, ...others }) => ({
    ...others,
    training: { ...training, environment: { python: training.environment.python ?? '' } },
  }));
  await withHost({}, async (host) => {
    expect((await host.post('/', good)).status).toBe(200);
  });
});

test('a request that is refused does not load the model', async () => {
  copy.write(weightsFile, 'not a model');
  await withHost({}, async (host) => {
    expect((await host.post('/', { instances: [] })).status).toBe(422);
    expect((await host.request('GET', '/model-card.json')).status).toBe(200);
    await host.stop();
    expect(host.stdout.filter((line) => failure.test(line))).toEqual([]);
  });
});

test('many first requests wait for the same load', async () => {
  await withHost({}, async (host) => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => host.post('/', good)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(200);
  });
});

test('first requests that come together share a failed load', async () => {
  const model = holdModel();
  await withHost({ MODEL_DIR: model.directory }, async (host) => {
    const replies = Promise.all(Array.from({ length: 50 }, () => host.post('/', good)));
    const goOn = await model.untilLoading();
    // The request for the metrics is one itself.
    while ((await readSample(host, 'predict_requests_in_flight')) !== 51);
    await goOn(Buffer.from('not a model'));
    for (const reply of await replies) expectUnavailable(reply);
    await host.stop();
    expect(host.stdout.filter((line) => failure.test(line))).toHaveLength(1);
  });
  model.remove();
});

test('MODEL_LOADING=eager loads at start', async () => {
  copy.write(weightsFile, 'not a model');
  await withHost({ MODEL_LOADING: 'eager' }, async (host) => {
    expect(await host.line(failure)).toContain('"severity":"ERROR"');
    copy.restore(weightsFile);
    expect((await host.post('/', good)).status).toBe(200);
  });
});

const renamed = (name: string) => `${name}2`;

/** A card whose inputs and features have other names than the weights. */
function renameInputs(content: Card): Card {
  const inputs = content.inputs.map((input) => ({ ...input, name: renamed(input.name) }));
  const features = content.features.map((feature) => ({ ...feature, input: renamed(feature.input) }));
  return { ...content, inputs, features };
}

/** The first sample with another label than the trainer gave. */
function mislabel({ samples }: { readonly samples: readonly Sample[] }): object {
  const [{ instance, prediction }, ...others] = samples as readonly [Sample, ...Sample[]];
  const label = card.labels.find((other) => other !== prediction.label);
  return { samples: [{ instance, prediction: { ...prediction, label } }, ...others] };
}

/** The first sample with a probability that is off by 0.00001. */
function shiftProbability({ samples }: { readonly samples: readonly Sample[] }): object {
  const [{ instance, prediction }, ...others] = samples as readonly [Sample, ...Sample[]];
  const shifted = Object.entries(prediction.probabilities).map(([label, value], i) => [
    label,
    i === 0 ? value - 1e-5 : value,
  ]);
  return {
    samples: [{ instance, prediction: { ...prediction, probabilities: Object.fromEntries(shifted) } }, ...others],
  };
}

test.each([
  [
    'another sha256 than the card’s',
    'sha256',
    () =>
      copy.edit<Card>('card.json', (content) => ({
        ...content,
        weights: { ...content.weights, sha256: '0'.repeat(64) },
      })),
  ],
  [
    'other inputs than the card’s',
    renamed(card.inputs[0]?.name ?? ''),
    () => copy.edit<Card>('card.json', renameInputs),
  ],
  ['another label than a golden sample’s', 'golden sample', () => copy.edit('samples.json', mislabel)],
  ['another probability than a golden sample’s', 'golden sample', () => copy.edit('samples.json', shiftProbability)],
])('weights with %s are refused, and the log says why', async (_defect, cause, breakCopy) => {
  breakCopy();
  await withHost({}, async (host) => {
    expectUnavailable(await host.post('/', good));
    await host.stop();
    const lines = host.stdout.filter((line) => failure.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(cause);
  });
});
