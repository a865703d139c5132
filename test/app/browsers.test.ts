/** Pages of other origins, what fetch() sends without a type, and the QUERY method. */
import { describeEachHost } from '../hosts';
import { goodInstance, modelPath } from '../model-files';

const body = JSON.stringify({ instances: [goodInstance] });
const json = { 'content-type': 'application/json' };
const origin = 'https://app.example';
const preflight = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'content-type, traceparent',
};
const allowed = 'access-control-allow-origin';

describeEachHost(
  'Pages of listed origins',
  (host) => {
    test('may call, read what the answer says, and keep the preflight', async () => {
      const { status, headers } = await host.request('OPTIONS', '/predict', { headers: { origin, ...preflight } });
      expect([status, headers]).toMatchObject([
        204,
        {
          [allowed]: origin,
          'access-control-allow-methods': expect.stringContaining('POST'),
          'access-control-allow-headers': 'content-type, traceparent',
          'access-control-max-age': '7200',
          vary: expect.stringContaining('origin'),
        },
      ]);
      const reply = await host.request('POST', '/predict', { headers: { ...json, origin }, body });
      expect([reply.status, reply.headers]).toMatchObject([
        200,
        { [allowed]: origin, 'access-control-expose-headers': expect.stringContaining('model-version') },
      ]);
      const refused = await host.request('POST', '/predict', { headers: { ...json, origin }, body: '{}' });
      expect([refused.status, refused.headers[allowed]]).toEqual([400, origin]);
      const missing = await host.request('GET', '/nothing', { headers: { origin } });
      expect([missing.status, missing.headers[allowed]]).toEqual([404, origin]);
    });

    test.each(['https://app.example.evil', 'http://app.example', 'https://app.example:8443', 'null'])(
      'are no pages of %s',
      async (other) => {
        const { headers } = await host.request('OPTIONS', '/predict', { headers: { origin: other, ...preflight } });
        expect([headers[allowed], headers.vary]).toEqual([undefined, 'origin']);
        const reply = await host.request('POST', '/predict', { headers: { ...json, origin: other }, body });
        expect([reply.status, reply.headers[allowed]]).toEqual([200, undefined]);
      },
    );
  },
  { env: { CORS_ORIGINS: `https://other.example,${origin}` } },
);

describeEachHost(
  'Any page',
  (host) => {
    test('may call when all may', async () => {
      const reply = await host.request('POST', '/predict', { headers: { ...json, origin }, body });
      expect([reply.headers[allowed], reply.headers.vary]).toEqual(['*', undefined]);
    });
  },
  { env: { CORS_ORIGINS: '*' } },
);

describeEachHost('Without a list', (host) => {
  test('no page of another origin may read an answer', async () => {
    const reply = await host.request('POST', '/predict', { headers: { ...json, origin }, body });
    expect([reply.status, reply.headers[allowed], reply.headers.vary]).toEqual([200, undefined, undefined]);
  });

  test('JSON that fetch() sends as text is refused with a hint', async () => {
    const { status, json: problem } = await host.request('POST', '/predict', {
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      body,
    });
    expect([status, problem]).toMatchObject([415, { detail: expect.stringContaining('In fetch(), set headers') }]);
  });

  test.each(['/', '/predict', `${modelPath}:predict`])('QUERY %s predicts as POST does', async (path) => {
    const posted = await host.post(path, { instances: [goodInstance] });
    const queried = await host.request('QUERY', path, { headers: json, body });
    expect([queried.status, queried.json]).toEqual([200, posted.json]);
    const options = await host.request('OPTIONS', path);
    expect(options.headers).toMatchObject({
      'accept-query': 'application/json',
      allow: expect.stringContaining('QUERY'),
    });
  });

  test('QUERY needs a content type, and predicts nothing elsewhere', async () => {
    const untyped = await host.request('QUERY', '/predict', { body });
    expect([untyped.status, untyped.headers['accept-query']]).toEqual([415, 'application/json']);
    expect((await host.request('QUERY', '/mcp', { headers: json, body })).status).toBe(405);
  });
});
