/** The Model Context Protocol under other settings: pages that are listed, and the limits of every protocol. */
import { describeEachHost } from '../../hosts';
import { goodInstance } from '../../model-files';

const json = { 'content-type': 'application/json' };

describeEachHost(
  'With other settings the Model Context Protocol',
  (host) => {
    const call = (instances: unknown, headers = {}) =>
      host.request('POST', '/mcp', {
        headers: { ...json, ...headers },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 7,
          method: 'tools/call',
          params: { name: 'predict', arguments: { instances } },
        }),
      });

    test('takes calls of pages that are listed', async () => {
      const origin = 'https://app.example';
      expect((await call([goodInstance], { origin })).status).toBe(200);
      expect((await call([goodInstance], { origin: `${origin}.evil.example` })).status).toBe(403);
    });

    test('has the limits of rows and bytes that others have', async () => {
      const tooMany = await call(Array.from({ length: 4 }, () => goodInstance));
      expect([tooMany.status, tooMany.json]).toMatchObject([200, { id: 7, result: { isError: true } }]);
      const tooLong = await call('x'.repeat(5_000));
      expect([tooLong.status, tooLong.json]).toMatchObject([413, { jsonrpc: '2.0', error: { code: -32000 } }]);
    });
  },
  {
    env: { MAX_REQUEST_ROWS: '3', MAX_BODY_BYTES: '4096', CORS_ORIGINS: 'https://other.example, https://app.example' },
  },
);
