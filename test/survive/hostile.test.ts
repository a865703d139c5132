/** Whatever comes gets a documented answer, changes nothing and leaves nothing behind. `npm run fuzz` sends 100 000. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { Reply } from '../client';
import { type Host, startHost } from '../hosts';
import { goodInstance, samples } from '../model-files';
import { type HostileRequest, hostileRequest } from './hostile';
import { seed } from './seed';

const runs = Number(process.env.FUZZ_RUNS ?? 1000);
const mostMegabytesMore = 30;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMegabytes(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

let host: Host;
beforeAll(async () => {
  host = await startHost('in process');
});
afterAll(() => host.stop());

const knownHeaders = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'vary', 'date', 'connection', 'keep-alive'],
  ...[
    'x-content-type-options',
    'allow',
    'accept-encoding',
    'accept-query',
    'retry-after',
    'inference-header-content-length',
    'model-version',
  ],
  ...['ce-id', 'ce-source', 'ce-type', 'ce-specversion', 'ce-time', 'cache-control', 'etag'],
  ...['content-security-policy', 'referrer-policy', 'transfer-encoding'],
]);

function expectDocumented({ status, headers, json, text }: Reply, { method }: HostileRequest): void {
  // What the document says of each path is checked with every answer of a host.
  if (status >= 500) throw new Error(`${status}: ${text}`);
  if (status >= 400 && method !== 'HEAD') {
    expect(headers['content-type']).toBe('application/problem+json');
    expect(json).toMatchObject({ status, type: expect.stringMatching(/^urn:problem-type:onnx-predict:[a-z-]+$/) });
    expect(text).not.toMatch(/node_modules|\.[jt]s:\d|\n\s+at /);
  }
  for (const name of Object.keys(headers)) expect(knownHeaders).toContain(name);
}

test(
  `${runs} hostile requests (FUZZ_SEED=${seed})`,
  async () => {
    let sent = 0;
    let heap = 0;
    const property = fc.asyncProperty(hostileRequest, async (request) => {
      const { method, path, headers, body } = request;
      expectDocumented(await host.request(method, path, { headers, ...(body && { body }) }), request);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      if (++sent === Math.ceil(runs / 4)) heap = heapMegabytes();
    });
    // Each run is kept by the checker when it may have to say which failed first.
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    expect(heapMegabytes() - heap).toBeLessThan(mostMegabytesMore);
    const { json } = await host.post('/predict', { instances: [goodInstance] });
    expect(json).toEqual({ predictions: [samples[0]?.prediction] });
  },
  300_000 + runs * 100,
);

/** CPU time of the host and its caller when so many keys are refused. */
async function costOfKeys(keyOf: (i: number) => string): Promise<number> {
  const body = `{${Array.from({ length: 100_000 }, (_key, i) => `"${keyOf(i)}":1`).join()}}`;
  const start = process.cpuUsage();
  const reply = await host.request('POST', '/predict', { headers: { 'content-type': 'application/json' }, body });
  const { user, system } = process.cpuUsage(start);
  expect(reply.json).toMatchObject({ status: 413, type: 'urn:problem-type:onnx-predict:too-many-values' });
  return user + system;
}

test.each([
  // Keys that are integers are hashed as such.
  ['that are multiples of a power of two', (i: number) => String(i * 4096)],
  ['that differ in their last letters only', (i: number) => 'x'.repeat(40) + i],
])('100 000 keys %s are refused like any others', async (_, keyOf) => {
  const others = await costOfKeys((i) => `k${i}`);
  expect(await costOfKeys(keyOf)).toBeLessThan(10 * others);
});
