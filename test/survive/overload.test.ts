/** A full queue refuses predictions before it looks at them, and nothing else; long requests take turns. */
import { request } from 'node:http';
import { crowd, crowded, crowdRows } from '../crowd';
import { describeEachHost, type Host, startHost } from '../hosts';
import { card, goodInstance } from '../model-files';
import { readSample } from '../scrape';

const good = { instances: [goodInstance] };
const headers = { 'content-type': 'application/json' };
const inferPath = `/v2/models/${card.name}/infer`;

describeEachHost(
  'While the queue is full',
  (host) => {
    test.each([
      ['/', good],
      ['/predict', good],
      [`/v1/models/${card.name}:predict`, good],
      ['/bigquery', { calls: [[goodInstance]] }],
      [inferPath, { inputs: [] }],
    ])('%s says 429 and when to come again, and who is in the queue is answered', async (path, body) => {
      const { refused, answers } = await crowd(host, () => host.post(path, body));
      expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
      expect(refused.json).toMatchObject({ type: 'urn:problem-type:onnx-predict:overloaded' });
      expect(answers).toBe(crowdRows);
    });

    test('a body is refused before anybody reads it', async () => {
      const broken = () =>
        host.request('POST', inferPath, { headers: { 'content-type': 'application/json' }, body: '{"inputs":[[[]]]}' });
      expect((await crowd(host, broken)).refused.status).toBe(429);
      expect((await broken()).status).toBe(400);
    });

    test.each(['/', '/v2/health/live', '/v2/health/ready', '/metrics', '/openapi.json', '/model-card.json'])(
      'GET %s is answered as ever',
      async (path) => {
        const statuses = new Set<number>();
        await crowd(host, async () => {
          statuses.add((await host.request('GET', path)).status);
          return host.post('/predict', good);
        });
        expect([...statuses]).toEqual([200]);
      },
    );
  },
  { env: crowded },
);

describeEachHost(
  'Callers whose long requests fill the queue',
  (host) => {
    test('are refused in part, and one with a single row never is', async () => {
      const body = JSON.stringify({ instances: Array.from({ length: 1_500 }, () => goodInstance) });
      const longStatuses = new Set<number>();
      const statuses: number[] = [];
      const isOver = () => statuses.length >= 30 && longStatuses.size > 1;
      const fill = async () => {
        while (!isOver()) longStatuses.add((await host.request('POST', '/predict', { headers, body })).status);
      };
      const ask = async () => {
        while (!isOver()) statuses.push((await host.post('/predict', good)).status);
      };
      await Promise.all([ask(), ...Array.from({ length: 12 }, fill)]);
      expect([...longStatuses].sort()).toEqual([200, 429]);
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  },
  { env: { MAX_BATCH_ROWS: '64', MAX_QUEUED_ROWS: '256' } },
);

const long = Buffer.from(JSON.stringify({ instances: Array.from({ length: 20_000 }, () => goodInstance) }));
const postLong = (host: Host) => host.request('POST', '/predict', { headers, body: long });

async function startReady(env: Readonly<Record<string, string>> = {}): Promise<Host> {
  const host = await startHost('server.ts', { env });
  await host.request('GET', '/v2/health/ready');
  return host;
}

/** A host that has time for two long requests, and so for one of twelve and not for all. */
async function startHurried(): Promise<Host> {
  const patient = await startReady();
  const startedAt = performance.now();
  await postLong(patient);
  const aloneMs = performance.now() - startedAt;
  await patient.stop();
  return startReady({ REQUEST_TIMEOUT_MS: String(Math.ceil(2 * aloneMs)) });
}

describe('Long requests that come together', () => {
  test('take turns, and who would wait for too long is told so', async () => {
    const statuses = new Set<number>();
    // A machine that is busy for a while may let all wait for too long, or none: what one takes is measured anew then.
    while (!statuses.has(200) || !statuses.has(503)) {
      const host = await startHurried();
      const replies = await Promise.all(Array.from({ length: 12 }, () => postLong(host)));
      for (const { status, json } of [...replies, await postLong(host)]) {
        statuses.add(status);
        if (status !== 200)
          expect(json).toMatchObject({ type: expect.stringMatching(/:(deadline-exceeded|overloaded)$/) });
      }
      await host.stop();
    }
  });
});

describe('Long requests', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startReady();
  });
  afterAll(() => host.stop());

  test('leave the line when their callers go', async () => {
    const calls = Array.from({ length: 16 }, () => {
      const call = request({ port: host.port, path: '/predict', method: 'POST', headers, agent: false });
      call.on('error', () => undefined).end(long);
      return call;
    });
    await Promise.race(calls.map((call) => new Promise((resolve) => call.on('response', resolve))));
    for (const call of calls) call.destroy();
    expect((await postLong(host)).status).toBe(200);
    const answered = await readSample(host, 'predict_requests_total', { route: '/predict', status: '200' });
    expect(answered).toBeLessThan(calls.length);
  });

  test('do not hold up short ones', async () => {
    let answered = 0;
    const replies = Array.from({ length: 8 }, () => postLong(host).finally(() => answered++));
    expect((await host.post('/predict', good)).status).toBe(200);
    expect(answered).toBeLessThan(replies.length);
    await Promise.all(replies);
  });
});
