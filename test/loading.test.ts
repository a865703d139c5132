/** The model loads when it is needed, and when that fails gets another chance after a while. */
import { expectUnavailable, failure, useCopies, withHost } from './broken-model';
import { holdModel } from './held-model';
import { card, goodInstance, modelPath } from './model-files';
import { untilSample } from './scrape';

const weightsFile = card.weights.file;
const good = { instances: [goodInstance] };
const copy = useCopies();

test('a host whose weights are broken starts, is live and refuses predictions until they are mended', async () => {
  copy().write(weightsFile, 'not a model');
  await withHost(copy(), { LOAD_RETRY_MS: '0' }, async (host) => {
    expect((await host.request('GET', '/v2/health/live')).status).toBe(200);
    expect(host.stdout.filter((line) => failure.test(line))).toEqual([]);

    expectUnavailable(copy(), await host.post('/', good));
    const ready = await host.request('GET', '/v2/health/ready');
    expectUnavailable(copy(), ready);
    expect(ready.json).toMatchObject({ error: expect.any(String) });
    expectUnavailable(copy(), await host.request('GET', modelPath));

    copy().restore(weightsFile);
    expect((await host.post('/', good)).status).toBe(200);
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(200);
  });
});

test('a request that is refused does not load the model', async () => {
  copy().write(weightsFile, 'not a model');
  await withHost(copy(), {}, async (host) => {
    expect((await host.post('/', { instances: [] })).status).toBe(422);
    expect((await host.request('GET', '/model-card.json')).status).toBe(200);
    await host.stop();
    expect(host.stdout.filter((line) => failure.test(line))).toEqual([]);
  });
});

test('many first requests wait for the same load', async () => {
  await withHost(copy(), {}, async (host) => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => host.post('/', good)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(200);
  });
});

test('first requests that come together share a failed load', async () => {
  const model = holdModel();
  await withHost(model, {}, async (host) => {
    const replies = Promise.all(Array.from({ length: 50 }, () => host.post('/', good)));
    const goOn = await model.untilLoading();
    // The request for the metrics is one itself.
    await untilSample(host, (requests) => requests === 51, 'predict_requests_in_flight');
    await goOn(Buffer.from('not a model'));
    for (const reply of await replies) expectUnavailable(model, reply);
    await host.stop();
    expect(host.stdout.filter((line) => failure.test(line))).toHaveLength(1);
  });
  model.remove();
});

test('MODEL_LOADING=eager loads at start', async () => {
  copy().write(weightsFile, 'not a model');
  await withHost(copy(), { MODEL_LOADING: 'eager', LOAD_RETRY_MS: '0' }, async (host) => {
    expect(await host.line(failure)).toContain('"severity":"ERROR"');
    copy().restore(weightsFile);
    expect((await host.post('/', good)).status).toBe(200);
  });
});

test('a load that failed is not tried again for a while: the answer comes at once and says for how long', async () => {
  copy().write(weightsFile, 'not a model');
  await withHost(copy(), { LOAD_RETRY_MS: '3600000' }, async (host) => {
    expectUnavailable(copy(), await host.post('/', good));
    copy().restore(weightsFile);
    for (const reply of await Promise.all(Array.from({ length: 20 }, () => host.post('/', good)))) {
      expectUnavailable(copy(), reply);
      expect(Number(reply.headers['retry-after'])).toBeLessThanOrEqual(3600);
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(3000);
    }
    expectUnavailable(copy(), await host.request('GET', '/v2/health/ready'));
    expect((await host.request('GET', '/v2/health/live')).status).toBe(200);
    await host.stop();
    expect(host.stdout.filter((line) => failure.test(line))).toHaveLength(1);
  });
});

test('weights that are mended are served after the wait', async () => {
  copy().write(weightsFile, 'not a model');
  await withHost(copy(), { LOAD_RETRY_MS: '20' }, async (host) => {
    expectUnavailable(copy(), await host.post('/', good));
    copy().restore(weightsFile);
    let status = 503;
    while (status === 503) ({ status } = await host.request('GET', '/v2/health/ready'));
    expect(status).toBe(200);
    expect((await host.post('/', good)).status).toBe(200);
  });
});
