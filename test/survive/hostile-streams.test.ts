/** Whatever bytes a connection carries, cut wherever, ended or left: others are answered, and nothing is kept. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc, { type Arbitrary } from 'fast-check';
import { describeEachHost } from '../hosts';
import { goodInstance } from '../model-files';
import { seed } from './seed';

const isThorough = process.env.FUZZ_RUNS !== undefined;
// A connection costs as much as a hundred requests, and each host gets its own.
const runs = isThorough ? Math.ceil(Number(process.env.FUZZ_RUNS) / 100) : 60;

const head = (line: string, ...fields: readonly string[]) =>
  [`${line} HTTP/1.1`, 'host: localhost', ...fields, '', ''].join('\r\n');
const json = 'content-type: application/json';
const post = (path: string, body: string) => head(`POST ${path}`, json, `content-length: ${body.length}`) + body;
const inChunks = (body: string) =>
  `${head('POST /predict', json, 'transfer-encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const instances = (count: number) => JSON.stringify({ instances: Array(count).fill(goodInstance) });

const good: Arbitrary<string> = fc.oneof(
  fc.constantFrom('/', '/metrics', '/openapi.json', '/v2/health/live', '/nothing').map((path) => head(`GET ${path}`)),
  fc.integer({ min: 1, max: 200 }).map((count) => post('/predict', instances(count))),
  fc.integer({ min: 1, max: 200 }).map((count) => inChunks(instances(count))),
  fc.constant(head('HEAD /')),
  fc.constant(`${head('POST /predict', 'expect: 100-continue', json, 'content-length: 2')}{}`),
  fc.constant(post('/predict', `{"instances":[${' '.repeat(300_000)}]}`)),
);
const bad: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\r\n',
    '\0',
    'GET / HTTP/9.9\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    head('POST /predict', 'content-length: 5', 'content-length: 6'),
    head('POST /predict', 'content-length: 5', 'transfer-encoding: chunked'),
    head('POST /predict', 'content-length: -1'),
    head('POST /predict', json, 'content-length: 999999999999'),
    `${head('POST /predict', 'transfer-encoding: chunked')}ffffffffffffffff\r\n`,
    head('GET /', 'upgrade: websocket', 'connection: upgrade'),
  ),
);

interface Stream {
  readonly parts: readonly string[];
  /** Where the bytes are cut into writes. */
  readonly cuts: readonly number[];
  /** Share of the bytes that is sent. */
  readonly sent: number;
  readonly end: 'ended' | 'reset' | 'never read';
}

const stream: Arbitrary<Stream> = fc.record({
  parts: fc.array(fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: bad }), {
    minLength: 1,
    maxLength: 12,
  }),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  sent: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  end: fc.constantFrom('ended', 'reset', 'never read'),
});

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when all has been said and the connection is over. */
async function play(port: number, { parts, cuts, sent, end }: Stream): Promise<string> {
  const socket = await open(port);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const bytes = Buffer.from(parts.join(''), 'latin1');
  const places = [...cuts.map((cut) => cut * sent), sent]
    .map((cut) => Math.floor(cut * bytes.length))
    .sort((a, b) => a - b);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  if (end === 'never read') socket.pause();
  let from = 0;
  for (const to of places) {
    await new Promise<unknown>((resolve) => socket.write(bytes.subarray(from, to), resolve));
    from = to;
  }
  if (end === 'ended') socket.end();
  else socket.destroy();
  await closed;
  return text;
}

describeEachHost('Streams of bytes', (host) => {
  test(
    `${runs} of them (FUZZ_SEED=${seed})`,
    async () => {
      const property = fc.asyncProperty(fc.array(stream, { minLength: 1, maxLength: 4 }), async (streams) => {
        const texts = await Promise.all(streams.map((each) => play(host.port, each)));
        for (const text of texts) expect(text).not.toMatch(/^HTTP\/1\.1 5\d\d /m);
        const { status, json: body } = await host.post('/predict', { instances: [goodInstance] });
        expect([status, (body as { predictions: unknown[] }).predictions?.length]).toEqual([200, 1]);
      });
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    },
    300_000 + runs * 1000,
  );
});
