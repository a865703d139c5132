/** Requests that a caller sends without waiting are answered in their order, whatever comes after them. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import { describeEachHost, type Host, type ProcessKind, processKinds, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { type ProcessSettings, projectDirectory } from '../processes';

interface Part {
  readonly bytes: string;
  /** A failure shows this and not the bytes. */
  readonly [fc.toStringMethod]: () => string;
  /** What its answer contains and no other's. */
  readonly answer: string;
}

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const head = (line: string, ...fields: readonly string[]) =>
  [`${line} HTTP/1.1`, 'host: localhost', ...fields, '', ''].join('\r\n');
const predictionOf = (count: number, padding: number) =>
  JSON.stringify({ instances: Array.from({ length: count }, () => goodInstance) }) + ' '.repeat(padding);

function toPart(bytes: string, answer: string): Part {
  return { bytes, answer, [fc.toStringMethod]: () => JSON.stringify(bytes.slice(0, 100)) };
}

function unknown(number: number): Part {
  return toPart(head(`GET /nothing-${number}-`), `/nothing-${number}-`);
}

function prediction(count: number, padding = 0): Part {
  const body = predictionOf(count, padding);
  const fields = ['content-type: application/json', `content-length: ${body.length}`];
  return toPart(head('POST /predict', ...fields) + body, '"predictions"');
}

function chunked(count: number): Part {
  const body = predictionOf(count, 0);
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const fields = ['content-type: application/json', 'transfer-encoding: chunked'];
  return toPart(head('POST /predict', ...fields) + chunks, '"predictions"');
}

const part: Arbitrary<Part> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(99).map(unknown) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 50 }).map((count) => prediction(count)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 50 }).map(chunked) },
  // Long enough for the lane.
  { weight: 1, arbitrary: fc.constant(prediction(1, 300_000)) },
);

const badEnds: readonly Part[] = [
  toPart('NONSENSE\r\n\r\n', 'HTTP/1.1 400'),
  // A client that speaks TLS.
  toPart('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'HTTP/1.1 400'),
  toPart(`${head('POST /predict', 'transfer-encoding: chunked')}zz\r\n`, 'HTTP/1.1 400'),
  toPart(`${head('POST /predict', 'content-length: 100')}abc`, 'HTTP/1.1 400'),
  toPart(head('GET /', `x-long: ${'y'.repeat(20_000)}`), 'HTTP/1.1 431'),
  toPart('CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n', 'HTTP/1.1 405'),
  toPart('GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 400'),
  toPart(head('GET /', 'host: other'), 'HTTP/1.1 400'),
];

async function open(port: number): Promise<{ readonly socket: Socket; readonly text: Promise<string> }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined).on('end', () => socket.end());
  const whole = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  await once(socket, 'connect');
  return { socket, text: whole };
}

function expectInOrder(text: string, parts: readonly Part[]): void {
  // Who has closed its half is asked whether it is there, by interim answers.
  const answers = text.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '').split(/(?=HTTP\/1\.1 \d{3} )/);
  expect(answers.map((answer) => answer.slice(0, 12))).toHaveLength(parts.length);
  for (const [i, { answer }] of parts.entries()) expect(answers[i]).toContain(answer);
}

describeEachHost('Pipelines', (host) => {
  test(`are answered whole before what ends them (FUZZ_SEED=${seed})`, async () => {
    const pipeline = fc.tuple(
      fc.array(part, { maxLength: 12 }),
      fc.constantFrom(...badEnds),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    const property = fc.asyncProperty(pipeline, async ([parts, bad, cut]) => {
      const { socket, text } = await open(host.port);
      const bytes = Buffer.from([...parts, bad].map((each) => each.bytes).join(''), 'latin1');
      const at = Math.floor(cut * bytes.length);
      socket.write(bytes.subarray(0, at));
      socket.write(bytes.subarray(at));
      // A body that is cut off can only be told by its end.
      socket.end();
      expectInOrder(await text, [...parts, bad]);
    });
    await fc.assert(property, { numRuns: 60, seed, endOnFailure: true });
  });
});

describe.each(['functions-framework', 'server.ts'] as const)('%s', (kind) => {
  test('answers more than it reads at a time before what ends a connection', async () => {
    const host = await startHost(kind, { env: { LOG_REQUESTS: 'none' } });
    for (const bad of badEnds) {
      const parts = [...Array.from({ length: 3000 }, (_, i) => unknown(i)), bad];
      const { socket, text } = await open(host.port);
      socket.end(parts.map(({ bytes }) => bytes).join(''), 'latin1');
      expectInOrder(await text, parts);
    }
    expect(await host.stop()).toBe(0);
  });
});

const unhurried = { NODE_OPTIONS: `--require ${join(projectDirectory, 'test/fixtures/slow-clock.cjs')}` };

/** The kernel takes connections a moment before the process takes signals: one that has answered takes both. */
async function startAwake(kind: ProcessKind, settings: ProcessSettings = {}): Promise<Host> {
  const host = await startHost(kind, settings);
  await host.request('GET', '/v2/health/live');
  return host;
}

describe.each(processKinds)('%s', (kind) => {
  test(`answers every request that came before a signal (FUZZ_SEED=${seed})`, async () => {
    const pipeline = fc.array(part, { minLength: 10, maxLength: 40 });
    const property = fc.asyncProperty(pipeline, fc.nat(2), async (parts, answersBefore) => {
      const host = await startAwake(kind, { env: unhurried });
      const { socket, text } = await open(host.port);
      await new Promise((resolve) => socket.write(parts.map(({ bytes }) => bytes).join(''), resolve));
      for (let i = 0; i < answersBefore; i++) await once(socket, 'data');
      host.kill('SIGTERM');
      const answers = await text;
      expect([await host.exitCode, host.stdout.filter((line) => line.includes('ERROR'))]).toEqual([0, []]);
      expectInOrder(answers, parts);
      host.close();
    });
    await fc.assert(property, { numRuns: 3, seed, endOnFailure: true });
  });
});

/** So that none of them is refused, and none comes after the deadline because the machine is busy. */
const roomy = { ...unhurried, LOG_REQUESTS: 'none', MAX_BUFFERED_BYTES: '100000000', MAX_QUEUED_ROWS: '1000000' };

// The framework's middleware, which is ten times as slow, would not be through with so many at the deadline of a busy machine.
describe.each(['functions-framework', 'server.ts'] as const)('%s', (kind) => {
  test.each([
    ['more than are read of a connection at a time', 3000, (i: number) => unknown(i)],
    ['whose bodies wait to be read', 60, () => prediction(1, 200_000)],
    ['whose answers wait to be read', 60, () => prediction(3000)],
  ])('answers requests that came before a signal, %s', async (_, count, make) => {
    const parts = Array.from({ length: count }, (_each, i) => make(i));
    const host = await startAwake(kind, { env: roomy });
    const { socket, text } = await open(host.port);
    await new Promise((resolve) => socket.write(parts.map(({ bytes }) => bytes).join(''), resolve));
    host.kill('SIGTERM');
    expectInOrder(await text, parts);
    expect(await host.exitCode).toBe(0);
    host.close();
  });
});
