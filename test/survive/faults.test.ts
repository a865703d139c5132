/** What breaks under a running host: what its caller sees, what the log says, and whether it recovers or stops. */
import { readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Reply } from '../client';
import { type Host, launchHost, startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { card, goodInstance, modelDirectory } from '../model-files';

const good = { instances: [goodInstance] };
const fixtures = join(__dirname, '../fixtures');
const loadFailure = /"Version \S+ of the model could not be loaded\."/;
const weights = readFileSync(join(modelDirectory, card.weights.file));

/** A failure that names neither a file, nor a place in the code, nor a library. */
function expectSparse({ text }: Reply): void {
  expect(text).not.toMatch(/\.(ts|js|onnx)\b|node_modules|onnxruntime|\bat \w|\//i);
}

async function expectRefused(host: Host): Promise<void> {
  const reply = await host.post('/predict', good);
  expect(reply.json).toMatchObject({ status: 503, type: 'urn:problem-type:onnx-predict:model-unavailable' });
  expectSparse(reply);
  expect((await host.request('GET', '/v2/health/ready')).status).toBe(503);
  expect((await host.request('GET', '/v2/health/live')).status).toBe(200);
}

function flipBit(): Buffer {
  const flipped = Buffer.from(weights);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  return flipped;
}

describe('Weights that are', () => {
  test.each([
    ['missing', undefined, /is missing/],
    ['cut short', weights.subarray(0, weights.length >> 1), /sha256/],
    ['empty', Buffer.alloc(0), /sha256/],
    ['changed in one bit', flipBit(), /sha256/],
    ['those of another model', readFileSync(join(fixtures, 'models/square/model.onnx')), /sha256/],
  ])('%s are never served: 503, a line that says why, and a chance for each request', async (_, content, cause) => {
    const copy = copyModel();
    if (content === undefined) rmSync(join(copy.directory, card.weights.file));
    else copy.write(card.weights.file, content);
    const host = await startHost('server.ts', { env: { MODEL_DIR: copy.directory, LOAD_RETRY_MS: '0' } });
    await expectRefused(host);
    const tries = 2;
    expect(host.stdout.filter((line) => loadFailure.test(line))).toHaveLength(tries);
    expect(await host.line(loadFailure)).toMatch(cause);
    copy.restore(card.weights.file);
    expect((await host.post('/predict', good)).status).toBe(200);
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(200);
    await host.stop();
    copy.remove();
  });
});

test.each([
  ['a file', join(modelDirectory, 'card.json')],
  ['nowhere', '/nowhere'],
])('A model directory that is %s stops the start with one line', async (_, directory) => {
  for (const kind of ['server.ts', 'functions-framework'] as const) {
    const host = await launchHost(kind, { env: { MODEL_DIR: directory } });
    expect(await host.exitCode).toBe(1);
    expect(host.lines).toHaveLength(1);
    expect(host.lines[0]).toContain(directory);
  }
});

describe('A run that fails', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts', { env: { MODEL_DIR: join(fixtures, 'models/lookup') } });
  });
  afterAll(() => host.stop());
  const lookUp = (...values: readonly number[]) => host.post('/predict', { instances: values.map((value) => [value]) });

  test('is 500 to its caller and one line to the operator', async () => {
    const reply = await lookUp(3);
    expect(reply.json).toMatchObject({ status: 500, type: 'urn:problem-type:onnx-predict:internal' });
    expectSparse(reply);
    expect(host.stdout.filter((line) => line.includes('"error"'))).toHaveLength(1);
    expect(await host.line(/"error"/)).toContain('out of data bounds');
  });

  test('fails nobody else whose rows were in it', async () => {
    const values = Array.from({ length: 60 }, (_, i) => i % 4);
    const replies = await Promise.all(values.map((value) => lookUp(value)));
    for (const [i, { status, json }] of replies.entries()) {
      const value = values[i] as number;
      expect(status).toBe(value === 3 ? 500 : 200);
      if (value !== 3) expect(json).toEqual({ predictions: [{ value: (value + 1) * 10 }] });
    }
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(200);
  });
});

test('Without file descriptors to spare, callers wait or are told so, and all is well when there are some again', async () => {
  const through = ['/bin/sh', '-c', 'ulimit -n 40 && exec "$0" "$@"'];
  const host = await startHost('server.ts', { through });
  const sockets = await Promise.all(Array.from({ length: 60 }, () => hold(host.port)));
  for (const socket of sockets) socket.destroy();
  let status = 0;
  while (status !== 200)
    status = await host.post('/predict', good).then(
      (reply) => reply.status,
      () => 0,
    );
  expect(await host.stop()).toBe(0);
});

/** A connection that says nothing. */
function hold(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(socket)).on('connect', () => resolve(socket));
  });
}

test.each(['functions-framework', 'server.ts'] as const)('%s needs no temporary directory', async (kind) => {
  const host = await startHost(kind, { env: { TMPDIR: '/proc', HOME: '/proc' } });
  expect((await host.post('/predict', good)).status).toBe(200);
  expect(await host.stop()).toBe(0);
});

test('A clock that jumps moves no deadline and no latency', async () => {
  const jumping = join(fixtures, 'jumping-clock.cjs');
  const host = await startHost('server.ts', {
    env: { NODE_OPTIONS: `--require=${jumping}`, REQUEST_TIMEOUT_MS: '3600000' },
  });
  for (let i = 0; i < 20; i++) expect((await host.post('/predict', good)).status).toBe(200);
  const { latency } = (JSON.parse(await host.line(/"POST \/predict 200"/)) as { httpRequest: { latency: string } })
    .httpRequest;
  expect(Number.parseFloat(latency)).toBeGreaterThan(0);
  // The clock jumps by a day.
  expect(Number.parseFloat(latency)).toBeLessThan(3600);
  expect(await host.stop()).toBe(0);
});

test.each([
  ['functions-framework', 'rejection'],
  ['server.ts', 'rejection'],
  ['functions-framework', 'exception'],
  ['server.ts', 'exception'],
] as const)('%s stops at an %s that nobody has caught, with one line that says which', async (kind, fault) => {
  const stray = join(fixtures, 'stray-failure.cjs');
  const host = await startHost(kind, { env: { NODE_OPTIONS: `--require=${stray}`, STRAY_FAILURE: fault } });
  host.kill('SIGUSR2');
  expect(await host.exitCode).toBe(1);
  const lines = host.stdout.filter((line) => line.includes('ERROR'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: expect.stringContaining('A stray failure') });
  host.close();
});
