/** Requests that go wrong in every way at every step, and those beside them that do not. */
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';

/** Of the hosts that these calls are for: a body may unfold to more. */
export const maxBodyBytes = 1_000_000;
/** From here on bodies go to work one after another. */
export const longBytes = 300_000;

/** One call of the model `lookup`, which has no row for the value 3. */
export interface Call {
  readonly content: string;
  readonly bytes: number;
  readonly coding: 'gzip' | 'deflate' | 'br' | undefined;
  readonly damage: 'none' | 'flipped' | 'cut';
  readonly accepts: string;
  /** What a host in process does to it. */
  readonly fault: string | undefined;
  readonly leaving: Leaving;
}

interface Leaving {
  readonly way: 'stays' | 'closes' | 'resets' | 'ends';
  /** Of its bytes that it sends before. */
  readonly share: number;
  /** Of the event loop that it waits then. */
  readonly turns: number;
}

const contents = [
  '{"instances":[[0],[1],[2]]}',
  `{"instances":[${Array.from({ length: 3000 }, (_, i) => `[${i % 3}]`)}]}`,
  // Its run fails.
  '{"instances":[[0],[3]]}',
  `{"instances":[${Array.from({ length: 3000 }, () => '[3]')}]}`,
  '{"instances":[["three"]]}',
  '{"instances":[[0],',
  `{"instances":${'['.repeat(1000)}`,
];

export function calls(faults: readonly string[]): Arbitrary<Call> {
  return fc.record({
    content: fc.constantFrom(...contents),
    bytes: fc.constantFrom(0, 100_000, longBytes, maxBodyBytes + 1),
    coding: fc.constantFrom(undefined, 'gzip' as const, 'deflate' as const, 'br' as const),
    damage: fc.constantFrom('none' as const, 'none' as const, 'flipped' as const, 'cut' as const),
    accepts: fc.constantFrom('identity', 'gzip', 'deflate'),
    fault: fc.option(fc.constantFrom(...faults, 'none'), { nil: undefined }),
    leaving: fc.record({
      way: fc.constantFrom('stays' as const, 'closes' as const, 'resets' as const, 'ends' as const),
      share: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
      turns: fc.nat(60),
    }),
  });
}

export function toBody({
  content,
  bytes,
  coding,
  damage,
}: Pick<Call, 'content' | 'bytes' | 'coding' | 'damage'>): Buffer {
  const plain = Buffer.from(content.padEnd(bytes));
  const body = coding === undefined ? plain : (coding === 'gzip' ? gzipSync : deflateSync)(plain);
  if (damage === 'cut') return body.subarray(0, body.length >> 1);
  if (damage === 'flipped') body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
  return body;
}

function toBytes(call: Call): Buffer {
  const body = toBody(call);
  const head = [
    'POST /predict HTTP/1.1',
    'host: localhost',
    'connection: close',
    'content-type: application/json',
    `accept-encoding: ${call.accepts}`,
    `content-length: ${body.length}`,
    ...(call.coding === undefined ? [] : [`content-encoding: ${call.coding}`]),
    ...(call.fault === undefined ? [] : [`x-fault: ${call.fault}`]),
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), body]);
}

/** Makes a call, and resolves when its connection has closed. */
export function make(port: number, call: Call): Promise<void> {
  const bytes = toBytes(call);
  const { way, share, turns } = call.leaving;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: way === 'ends' });
  socket.on('error', () => undefined).on('end', () => socket.end());
  socket.resume();

  async function leave(): Promise<void> {
    for (let i = 0; i < turns; i++) await nextTurn();
    if (way === 'ends') socket.end();
    else if (way === 'closes') socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  }

  socket.write(way === 'stays' ? bytes : bytes.subarray(0, share * bytes.length), () => {
    if (way !== 'stays') void leave();
  });
  return new Promise((resolve) => socket.on('close', () => resolve()));
}
