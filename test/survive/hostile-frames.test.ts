/** Whatever frames a connection of HTTP/2 carries, cut wherever, ended or left: others are answered, and nothing is kept. */
import { once } from 'node:events';
import { connect } from 'node:net';
import fc, { type Arbitrary } from 'fast-check';
import { frame, inferRequest } from '../grpc-client';
import { type Host, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { untilSample } from '../scrape';
import { callOf, field, flags, frameOf, headOf, inferPath, ping, preface, reset, settings, types } from './frames';
import { seed } from './seed';

const isThorough = process.env.FUZZ_RUNS !== undefined;
const runs = isThorough ? Math.ceil(Number(process.env.FUZZ_RUNS) / 100) : 60;

const stream = fc.integer({ min: 0, max: 12 });
const payload = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const good = frame(inferRequest([goodInstance]));
const body = fc.oneof(
  fc.constantFrom(good, good.subarray(0, 20), Buffer.concat([good, good]), Buffer.alloc(5), Buffer.alloc(0)),
  payload,
  payload.map((message) => frame(message)),
);
const path = fc.constantFrom(
  inferPath,
  '/inference.GRPCInferenceService/ServerReady',
  '/v2',
  '/predict',
  '',
  '*',
  '/a.B/C',
);

const part: Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(stream, body, path).map(([id, bytes, where]) => callOf(id, bytes, where)) },
  fc
    .tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 255 }), stream, payload)
    .map(([type, flag, id, bytes]) => frameOf(type, flag, id, bytes)),
  fc
    .tuple(stream, path)
    .map(([id, where]) => frameOf(types.headers, flags.endHeaders | flags.endStream, id, headOf(where))),
  stream.map((id) =>
    frameOf(
      types.headers,
      flags.endHeaders | flags.endStream,
      id,
      Buffer.concat([field(':method', 'CONNECT'), field(':authority', 'a:1')]),
    ),
  ),
  stream.map((id) =>
    frameOf(
      types.headers,
      flags.endHeaders,
      id,
      headOf(inferPath, field('grpc-timeout', '1m'), field('grpc-encoding', 'gzip')),
    ),
  ),
  stream.map(reset),
  fc.constantFrom(ping, settings),
  payload,
);

const connection = fc.record({
  parts: fc.array(part, { minLength: 1, maxLength: 20 }),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
  sent: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  end: fc.constantFrom('ended', 'reset', 'never read'),
});

type Connection = typeof connection extends Arbitrary<infer Value> ? Value : never;

async function play(port: number, { parts, cut, sent, end }: Connection): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  const bytes = Buffer.concat([preface, settings, ...parts]);
  const last = Math.floor(bytes.length * sent);
  const first = Math.floor(last * cut);
  if (end === 'never read') socket.pause();
  else socket.resume();
  for (const piece of [bytes.subarray(0, first), bytes.subarray(first, last)])
    await new Promise<unknown>((resolve) => socket.write(piece, resolve));
  if (end === 'ended') socket.end();
  else socket.destroy();
  await closed;
}

describe('Frames', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(async () => {
    expect(await host.stop()).toBe(0);
  });

  test(
    `${runs} of them (FUZZ_SEED=${seed})`,
    async () => {
      const property = fc.asyncProperty(fc.array(connection, { minLength: 1, maxLength: 4 }), async (connections) => {
        await Promise.all(connections.map((each) => play(host.port, each)));
        expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
      });
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
      await untilSample(host, (requests) => requests === 1, 'predict_requests_in_flight');
      await untilSample(host, (bytes) => bytes === 0, 'predict_buffered_bytes');
      expect(host.stdout.filter((line) => /Uncaught|unexpected error|Failed to write|Warning/.test(line))).toEqual([]);
    },
    300_000 + runs * 1000,
  );
});
