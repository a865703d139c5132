/** What clients send that says less, or says it otherwise, than it could. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describeEachHost } from '../hosts';
import { goodInstance, modelPath } from '../model-files';
import { flat, path as inferPath, rows, tensor } from './open-inference/inference';

const instances = [goodInstance];
const body = JSON.stringify({ instances });
const inference = { inputs: [tensor(flat)] };

describeEachHost('A request', (host) => {
  test.each(['/predict', `${modelPath}:predict`, `${modelPath}:explain`])(
    'of bytes, of an empty type or of none is read as JSON under %s',
    async (path) => {
      const types = ['application/octet-stream', 'Application/Octet-Stream', '', undefined];
      for (const type of types) {
        const headers = type === undefined ? {} : { 'content-type': type };
        expect([type, (await host.request('POST', path, { headers, body })).status]).toEqual([type, 200]);
      }
    },
  );

  test.each([
    [`${inferPath}/infer`, inference],
    ['/v2/logging', { log_info: true }],
    ['/v2/trace/setting', {}],
  ])('of bytes holds JSON where no header says how much of it is JSON, under %s', async (path, value) => {
    const headers = { 'content-type': 'application/octet-stream' };
    expect((await host.request('POST', path, { headers, body: JSON.stringify(value) })).status).toBe(200);
    const wrong = await host.request('POST', path, { headers, body: Buffer.from([1, 2, 3, 4]) });
    expect([wrong.status, wrong.json]).toMatchObject([400, { type: expect.stringMatching(/:malformed-body$/) }]);
  });

  test('may write null for what it leaves out', async () => {
    const nothing = { id: null, parameters: null, outputs: null };
    const inputs = [{ ...tensor(flat), parameters: null }];
    const reply = await host.post(`${inferPath}/infer`, { ...nothing, inputs });
    expect(reply.status).toBe(200);
    expect(reply.json).not.toHaveProperty('id');
    expect((reply.json as { outputs: unknown[] }).outputs).toHaveLength(2);
    expect((await host.post(`${modelPath}:predict`, { instances, signature_name: null })).status).toBe(200);
    const explained = { instances, signature_name: null, parameters: null };
    expect((await host.post(`${modelPath}:explain`, explained)).status).toBe(200);
  });

  test('of null data with bytes behind it is one of bytes', async () => {
    const bytes = Buffer.from(Float32Array.from(flat).buffer);
    const inputs = [{ ...tensor(null), parameters: { binary_data_size: bytes.length } }];
    const head = Buffer.from(JSON.stringify({ inputs }));
    const headers = { 'inference-header-content-length': head.length };
    const { status, json } = await host.request('POST', `${inferPath}/infer`, {
      headers,
      body: Buffer.concat([head, bytes]),
    });
    expect([status, (json as { outputs: { shape: number[] }[] }).outputs[0]?.shape]).toEqual([200, [rows.length]]);
  });
});

/** Without a type the framework leaves the body to the function. */
const packed: Readonly<Record<string, string | Buffer>> = {
  identity: body,
  IDENTITY: body,
  'Identity, gzip': gzipSync(body),
  'gzip, identity': gzipSync(body),
  GZIP: gzipSync(body),
  ' gzip , ': gzipSync(body),
  deflate: deflateSync(body),
};

describeEachHost('A body', (host) => {
  test.each(Object.entries(packed))('in the coding %j is read as it would be without', async (coding, content) => {
    const headers = { 'content-encoding': coding };
    expect((await host.request('POST', '/predict', { headers, body: content })).status).toBe(200);
  });

  test('in the coding "deflate" without the head of zlib is read, and has the limit of every body', async () => {
    const headers = { 'content-encoding': 'deflate' };
    const send = (content: Buffer) => host.request('POST', '/predict', { headers, body: content });
    expect((await send(deflateRawSync(body))).status).toBe(200);
    expect((await send(deflateRawSync(Buffer.alloc(50 * 1024 * 1024, ' ')))).status).toBe(413);
    expect((await send(deflateRawSync(body).subarray(0, 10))).status).toBe(400);
  });
});

describeEachHost('A problem', (host) => {
  const problem = 'application/problem+json';
  const json = 'application/json';

  test.each([
    [{}, problem],
    [{ accept: '*/*' }, problem],
    [{ accept: `${json}, ${problem}` }, problem],
    [{ accept: problem }, problem],
    [{ accept: json }, json],
    [{ accept: 'application/json, text/plain, */*' }, json],
    // KServe's SDK.
    [{ accept: '*/*', 'user-agent': 'python-httpx/0.28.1' }, json],
  ])('is of a type that its reader takes, for %j', async (headers, type) => {
    for (const path of [`${modelPath}:predict`, `${modelPath}:other`, `${inferPath}/infer`, '/v2/models/none']) {
      const reply = await host.request('POST', path, { headers, body: '{}' });
      expect([path, reply.status >= 400, reply.headers['content-type']]).toEqual([path, true, type]);
      expect(reply.headers.vary).toBe('accept, user-agent');
      expect(reply.json).toMatchObject({ type: expect.stringContaining('urn:'), error: expect.any(String) });
    }
    const other = await host.request('POST', '/predict', { headers, body: '{}' });
    expect([other.headers['content-type'], other.headers.vary]).toEqual([problem, undefined]);
  });
  test('of a long text says all that it depends on, and an answer that is none depends on nothing', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const wrong = JSON.stringify({ instances: Array.from({ length: 20 }, () => ['a'.repeat(80)]) });
    const long = await host.request('POST', `${modelPath}:predict`, { headers, body: wrong });
    expect([long.status, long.headers['content-encoding'], long.headers.vary]).toEqual([
      422,
      'gzip',
      'accept, user-agent, accept-encoding',
    ]);
    const good = await host.post(`${modelPath}:predict`, { instances });
    expect([good.status, good.headers.vary]).toEqual([200, undefined]);
  });
});
