/** Frames of HTTP/2 as bytes, for callers that no library would be. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const types = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, ping: 6, window: 8, continuation: 9 };
const goAway = 7;
export const flags = { none: 0, endStream: 1, ack: 1, endHeaders: 4 };

export function frameOf(type: number, flag: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flag;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const settings = frameOf(types.settings, flags.none, 0);
export const ping = frameOf(types.ping, flags.none, 0, Buffer.alloc(8));
export const reset = (stream: number) => frameOf(types.reset, flags.none, stream, Buffer.from([0, 0, 0, 8]));

/** A header field, spelled out and not indexed. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

/** Lengths beyond 126 take more than one byte. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length: number[] = [Math.min(127, bytes.length)];
  for (let rest = bytes.length - 127; rest >= 0; rest = rest < 128 ? -1 : Math.floor(rest / 128))
    length.push(rest < 128 ? rest : (rest % 128) | 128);
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** The head of a call, without what marks its end. */
export function headOf(path: string, ...more: readonly Buffer[]): Buffer {
  return Buffer.concat([
    field(':method', 'POST'),
    field(':scheme', 'http'),
    field(':path', path),
    field(':authority', 'localhost'),
    field('content-type', 'application/grpc'),
    field('te', 'trailers'),
    ...more,
  ]);
}

export const inferPath = '/inference.GRPCInferenceService/ModelInfer';

/** A whole call. */
export function callOf(stream: number, body: Buffer, path = inferPath): Buffer {
  return Buffer.concat([
    frameOf(types.headers, flags.endHeaders, stream, headOf(path)),
    frameOf(types.data, flags.endStream, stream, body),
  ]);
}

export interface RawCaller {
  readonly socket: Socket;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  /** Resolves when it has ended, or nothing that is sent on it counts any more. */
  readonly isOver: Promise<void>;
}

export async function openRaw(port: number, ...bytes: readonly Buffer[]): Promise<RawCaller> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const sentAway = new Promise<void>((resolve) => {
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let type = takeFrame(); type !== undefined; type = takeFrame()) if (type === goAway) resolve();
    });

    function takeFrame(): number | undefined {
      const end = rest.length < 9 ? Number.POSITIVE_INFINITY : 9 + rest.readUIntBE(0, 3);
      if (end > rest.length) return undefined;
      const type = rest[3];
      rest = rest.subarray(end);
      return type;
    }
  });
  socket.write(Buffer.concat(bytes));
  return { socket, closed, isOver: Promise.race([closed, sentAway]) };
}
