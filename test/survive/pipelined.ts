/** Requests that are sent without waiting, what may end a connection after them, and what must come back. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { goodInstance } from '../model-files';

export interface Part {
  readonly bytes: string;
  /** A failure shows this and not the bytes. */
  readonly [fc.toStringMethod]: () => string;
  /** What its answer contains and no other's. */
  readonly answer: string;
}

export const head = (line: string, ...fields: readonly string[]) =>
  [`${line} HTTP/1.1`, 'host: localhost', ...fields, '', ''].join('\r\n');
const predictionOf = (count: number, padding: number) =>
  JSON.stringify({ instances: Array.from({ length: count }, () => goodInstance) }) + ' '.repeat(padding);

function toPart(bytes: string, answer: string): Part {
  return { bytes, answer, [fc.toStringMethod]: () => JSON.stringify(bytes.slice(0, 100)) };
}

export function unknown(number: number): Part {
  return toPart(head(`GET /nothing-${number}-`), `/nothing-${number}-`);
}

export function prediction(count: number, padding = 0): Part {
  const body = predictionOf(count, padding);
  const fields = ['content-type: application/json', `content-length: ${body.length}`];
  return toPart(head('POST /predict', ...fields) + body, '"predictions"');
}

export function chunked(count: number): Part {
  const body = predictionOf(count, 0);
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const fields = ['content-type: application/json', 'transfer-encoding: chunked'];
  return toPart(head('POST /predict', ...fields) + chunks, '"predictions"');
}

export const badEnds: readonly Part[] = [
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

const statusLine = /HTTP\/1\.1 \d{3} /g;

export interface Pipeline {
  readonly socket: Socket;
  /** All that came until the connection was closed. */
  readonly text: Promise<string>;
  /** Waits for so many answers, however many of them a chunk holds, or for the end of the connection. */
  readonly answered: (count: number) => Promise<void>;
}

export async function open(port: number): Promise<Pipeline> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined).on('end', () => socket.end());
  const whole = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  await once(socket, 'connect');
  const answered = async (count: number) => {
    while ((text.match(statusLine)?.length ?? 0) < count && !socket.closed) {
      await Promise.race([once(socket, 'data'), whole]);
    }
  };
  return { socket, text: whole, answered };
}

export function expectInOrder(text: string, parts: readonly Part[]): void {
  // Who has closed its half is asked whether it is there, by interim answers.
  const answers = text.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '').split(/(?=HTTP\/1\.1 \d{3} )/);
  expect(answers.map((answer) => answer.slice(0, 12))).toHaveLength(parts.length);
  for (const [i, { answer }] of parts.entries()) expect(answers[i]).toContain(answer);
}
