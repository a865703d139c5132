/** Good requests, on every host: each way to send them, and what comes back. */
import { deflateSync, gzipSync } from 'node:zlib';
import type { Reply } from './client';
import { describeEachHost, type Host, hostKinds, startHost } from './hosts';
import {
  card,
  cardBytes,
  goodInstance,
  isCloseTo,
  modelPath,
  type Prediction,
  samples,
  toObjectForm,
} from './model-files';

const json = { 'content-type': 'application/json' };
const body = JSON.stringify({ instances: [goodInstance] });
/** The samples over and over, so that neighbours differ. */
const thousand = Array.from({ length: 1000 }, (_, i) => samples[i % samples.length] ?? never());

function never(): never {
  throw new Error('samples.json has no samples.');
}

function predictionsOf({ json: answer }: Reply): readonly Prediction[] {
  return (answer as { readonly predictions: readonly Prediction[] }).predictions;
}

async function expectPrediction(
  host: Host,
  path: string,
  headers: Readonly<Record<string, string>>,
  bytes: string | Buffer,
) {
  const reply = await host.request('POST', path, { headers, body: bytes });
  expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json']);
  expect(isCloseTo(predictionsOf(reply)[0], samples[0]?.prediction ?? never())).toBe(true);
  expect(reply.headers['content-length']).toBe(String(reply.bytes.length));
}

describeEachHost('Good requests', (host) => {
  test.each(['/', '/predict', `${modelPath}:predict`])('POST %s predicts', (path) =>
    expectPrediction(host, path, json, body),
  );

  test.each([
    ['a slash at the end', '/predict/'],
    ['a query', '/predict?trace=1'],
    ['percent-encoded letters', `/v1/models/${percentEncode(card.name)}:predict`],
    ['a percent-encoded colon', `${modelPath}%3Apredict`],
  ])('a path with %s is the same path', (_what, path) => expectPrediction(host, path, json, body));

  test.each([
    ['no content type', {}, body],
    ['a charset', { 'content-type': 'application/json; charset=UTF-8' }, body],
    ['a structured syntax suffix', { 'content-type': 'application/vnd.example+json' }, body],
    ['no length', { ...json, 'transfer-encoding': 'chunked' }, body],
    ['gzip', { ...json, 'content-encoding': 'gzip' }, gzipSync(body)],
    ['gzip and no content type', { 'content-encoding': 'gzip' }, gzipSync(body)],
    ['deflate', { ...json, 'content-encoding': 'deflate' }, deflateSync(body)],
    ['the identity coding', { ...json, 'content-encoding': 'identity' }, body],
    ['white space up to the limit', json, body.padEnd(10 * 1024 * 1024)],
  ])('a body with %s is read', (_what, headers, bytes) => expectPrediction(host, '/', headers, bytes));

  test('both forms of an instance get the same bytes back', async () => {
    const rows = samples.map(({ instance }) => instance);
    const arrays = await host.post('/', { instances: rows });
    const objects = await host.post('/', { instances: rows.map(toObjectForm) });
    expect(arrays.status).toBe(200);
    expect(objects.bytes.equals(arrays.bytes)).toBe(true);
  });

  test('features may come in any order', async () => {
    const reversed = Object.fromEntries(Object.entries(toObjectForm(goodInstance)).reverse());
    await expectPrediction(host, '/', json, JSON.stringify({ instances: [reversed] }));
  });

  test('1000 rows are answered in their order', async () => {
    const reply = await host.post('/predict', { instances: thousand.map(({ instance }) => instance) });
    const predictions = predictionsOf(reply);
    expect(predictions).toHaveLength(thousand.length);
    expect(thousand.filter(({ prediction }, i) => !isCloseTo(predictions[i], prediction))).toEqual([]);
  });

  test('concurrent callers each get their own rows back', async () => {
    const replies = await Promise.all(
      thousand.slice(0, 100).map(({ instance }) => host.post('/', { instances: [instance] })),
    );
    const isWrong = ({ prediction }: { readonly prediction: Prediction }, i: number) =>
      !isCloseTo(predictionsOf(replies[i] ?? never())[0], prediction);
    expect(thousand.slice(0, 100).filter(isWrong)).toEqual([]);
  });

  test('the model says that it is available', async () => {
    const { status, json: answer } = await host.request('GET', modelPath);
    const loaded = { version: card.version, state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } };
    expect({ status, answer }).toEqual({
      status: 200,
      answer: { name: card.name, ready: true, model_version_status: [loaded] },
    });
  });

  test('the host is live and ready', async () => {
    expect((await host.request('GET', '/v2/health/live')).json).toEqual({ live: true });
    expect((await host.request('GET', '/v2/health/ready')).json).toEqual({ ready: true });
  });

  test('the model card comes byte for byte', async () => {
    const reply = await host.request('GET', '/model-card.json');
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json']);
    expect(reply.bytes.equals(cardBytes)).toBe(true);
  });

  test('GET / names the model and its features, and links to what answers', async () => {
    const { status, json: answer } = await host.request('GET', '/');
    const { name, version, labels } = card;
    const features = card.features.map((feature) => ({
      name: feature.name,
      minimum: feature.training.minimum,
      maximum: feature.training.maximum,
    }));
    expect({ status, answer }).toMatchObject({ status: 200, answer: { model: { name, version }, features, labels } });
    const { links } = answer as { readonly links: Readonly<Record<string, string>> };
    for (const link of Object.values(links)) expect((await host.request('OPTIONS', link)).status).toBe(204);
  });

  test.each(['/', '/model-card.json', '/v2/health/live', modelPath])(
    'HEAD %s has the header of GET and no body',
    async (path) => {
      const get = await host.request('GET', path);
      const head = await host.request('HEAD', path);
      expect([head.status, head.text]).toEqual([200, '']);
      expect(withoutDate(head)).toEqual(withoutDate(get));
    },
  );

  test.each([
    ['/', 'GET, POST, QUERY, HEAD, OPTIONS'],
    ['/predict', 'POST, QUERY, OPTIONS'],
    [modelPath, 'GET, HEAD, OPTIONS'],
  ])('OPTIONS %s names the methods', async (path, allow) => {
    const { status, headers, text } = await host.request('OPTIONS', path);
    expect([status, headers.allow, headers['content-length'], text]).toEqual([204, allow, undefined, '']);
  });
});

describe('The four hosts', () => {
  test('answer good requests with the same bytes', async () => {
    const hosts = await Promise.all(hostKinds.map((kind) => startHost(kind)));
    try {
      const [first, ...others] = await Promise.all(hosts.map(answerAll));
      for (const other of others) expect(other).toEqual(first);
    } finally {
      await Promise.all(hosts.map((host) => host.stop()));
    }
  });
});

/** Status, header and body of one request of each kind. */
async function answerAll(host: Host): Promise<readonly unknown[]> {
  const replies = [
    await host.post('/', { instances: thousand.map(({ instance }) => instance) }),
    await host.post(`${modelPath}:predict`, { instances: [toObjectForm(goodInstance)] }),
    await host.request('GET', '/'),
    await host.request('GET', modelPath),
    await host.request('GET', '/v2/health/ready'),
  ];
  return replies.map((reply) => [reply.status, withoutDate(reply), reply.text]);
}

function withoutDate({ headers: { date: _date, 'keep-alive': _idle, ...headers } }: Reply) {
  return headers;
}

function percentEncode(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
