/** Who attacks over HTTP/2 is cut off, holds nothing, and takes the answers from nobody else. */
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { createGrpcClient, frame, inferRequest } from '../grpc-client';
import { type Host, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { untilSample } from '../scrape';
import {
  callOf,
  field,
  flags,
  frameOf,
  headOf,
  inferPath,
  openRaw,
  ping,
  preface,
  reset,
  settings,
  types,
} from './frames';

/** For callers that are meant to be cut off. */
const env = { CLIENT_TIMEOUT_MS: '1000', MAX_BODY_BYTES: '1000000', MAX_BUFFERED_BYTES: '4000000' };
const good = frame(inferRequest([goodInstance]));
const opening = [preface, settings];
const repeat = (count: number, bytes: (i: number) => Buffer) => Array.from({ length: count }, (_, i) => bytes(i));
const odd = (i: number) => 2 * i + 1;

describe('The service host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts', { env });
    await host.request('GET', '/v2/health/ready');
  });
  afterAll(() => host.stop());

  afterEach(async () => {
    const client = await createGrpcClient(host.port);
    const [{ code }, { status }] = await Promise.all([
      client.call('ModelInfer', inferRequest([goodInstance])),
      host.post('/predict', { instances: [goodInstance] }),
    ]);
    expect([code, status]).toEqual([0, 200]);
    client.close();
    await untilSample(host, (bytes) => bytes === 0, 'predict_buffered_bytes');
    await untilSample(host, (requests) => requests === 1, 'predict_requests_in_flight');
  });

  // It answers each of these, so a caller may ask for more work than it does itself.
  test.each<[string, readonly Buffer[]]>([
    ['pings', repeat(20_000, () => ping)],
    ['changes of settings', repeat(20_000, () => settings)],
    ['calls that are reset at once', repeat(4000, (i) => Buffer.concat([callOf(odd(i), good), reset(odd(i))]))],
    [
      'heads that are reset at once',
      repeat(4000, (i) =>
        Buffer.concat([frameOf(types.headers, flags.endHeaders, odd(i), headOf(inferPath)), reset(odd(i))]),
      ),
    ],
    [
      'empty pieces of a body',
      [
        frameOf(types.headers, flags.endHeaders, 1, headOf(inferPath)),
        ...repeat(20_000, () => frameOf(types.data, flags.none, 1)),
      ],
    ],
    [
      'parts of a head without end',
      [
        frameOf(types.headers, flags.none, 1, headOf(inferPath)),
        ...repeat(5000, () => frameOf(types.continuation, flags.none, 1, field('a', 'b'))),
      ],
    ],
    [
      'header fields of a megabyte',
      [
        frameOf(types.headers, flags.none, 1, headOf(inferPath)),
        ...repeat(70, () => frameOf(types.continuation, flags.none, 1, field('a', 'b'.repeat(15_000)))),
      ],
    ],
    [
      'frames of no known stream',
      repeat(5000, (i) => frameOf(types.window, flags.none, 100_001 + 2 * i, Buffer.from([0, 0, 0, 1]))),
    ],
    ['a frame larger than allowed', [frameOf(types.data, flags.none, 1, Buffer.alloc(40_000))]],
    ['bytes that are no frames', [Buffer.alloc(10_000, 'GET / HTTP/1.1\r\n')]],
  ])('closes a connection of %s', async (_, bytes) => {
    const caller = await openRaw(host.port, ...opening, ...bytes);
    // Node.js 20 leaves the rest to the client.
    await caller.isOver;
    caller.socket.destroy();
  });

  // All at once: each takes its whole time.
  test('gives up who sends a part and then nothing', async () => {
    const parts: readonly (readonly Buffer[])[] = [
      [preface],
      [preface.subarray(0, 20)],
      [
        ...opening,
        frameOf(types.headers, flags.endHeaders, 1, headOf(inferPath)),
        frameOf(types.data, flags.none, 1, good.subarray(0, 9)),
      ],
    ];
    const callers = await Promise.all(parts.map((bytes) => openRaw(host.port, ...bytes)));
    const [first, second, third] = callers;
    await Promise.all([first?.closed, second?.closed]);
    // Its connection may have other calls: only its stream is reset.
    await untilSample(host, (requests) => requests === 1, 'predict_requests_in_flight');
    third?.socket.destroy();
  });

  test.each<[string, Buffer]>([
    ['of short calls', Buffer.concat(repeat(100, (i) => callOf(odd(i), good)))],
    [
      'of long answers',
      Buffer.concat(
        repeat(20, (i) =>
          Buffer.concat([
            frameOf(
              types.headers,
              flags.endHeaders | flags.endStream,
              odd(i),
              Buffer.concat([
                field(':method', 'GET'),
                field(':scheme', 'http'),
                field(':path', '/openapi.json'),
                field(':authority', 'a'),
              ]),
            ),
          ]),
        ),
      ),
    ],
  ])('cuts off who never reads the answers %s', async (_, calls) => {
    const caller = await openRaw(host.port, ...opening, calls);
    caller.socket.pause();
    await untilSample(host, (requests) => requests === 1, 'predict_requests_in_flight');
    await untilSample(host, (bytes) => bytes === 0, 'predict_buffered_bytes');
    caller.socket.destroy();
  });

  test('refuses what is too large before it is in memory', async () => {
    const client = await createGrpcClient(host.port);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const outcomes = await Promise.all([
      client.send('ModelInfer', Buffer.alloc(1_100_000)).outcome,
      client.send('ModelInfer', frame(bomb, true), { 'grpc-encoding': 'gzip' }).outcome,
      client.send('ModelInfer', frame(bomb, true), { 'grpc-encoding': 'gzip', 'content-length': bomb.length + 5 })
        .outcome,
    ]);
    for (const { code, text } of outcomes) {
      expect(text).toMatch(/at most 1000000 bytes/);
      expect(code).toBe(8);
    }
    client.close();
  });

  test('runs at most 128 calls of a connection at once, and says so', async () => {
    const client = await createGrpcClient(host.port);
    if (client.session.remoteSettings.maxHeaderListSize !== 16_384) await once(client.session, 'remoteSettings');
    const { maxConcurrentStreams, maxHeaderListSize } = client.session.remoteSettings;
    expect([maxConcurrentStreams, maxHeaderListSize]).toEqual([128, 16_384]);
    const outcomes = await Promise.all(repeat(300, () => good).map((body) => client.send('ModelInfer', body).outcome));
    expect(outcomes.filter(({ code }) => code !== 0)).toEqual([]);
    client.close();
  });
});
