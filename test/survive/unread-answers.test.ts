/** Who never reads is cut off after a time, whatever the answers are, and their memory is free again. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Host, type ProcessKind, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { untilSample } from '../scrape';

const env = { CLIENT_TIMEOUT_MS: '500', MAX_BUFFERED_BYTES: '200000000' };

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

function predict(rows: number): string {
  const body = JSON.stringify({ instances: Array.from({ length: rows }, () => goodInstance) });
  const fields = ['host: localhost', 'content-type: application/json', `content-length: ${body.length}`];
  return ['POST /predict HTTP/1.1', ...fields, '', body].join('\r\n');
}

/** A caller that sends a request again and again, and reads nothing. */
async function openDeaf(port: number, request: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  const bytes = request.repeat(Math.ceil(100_000 / request.length));
  const goOn = (failure?: Error | null) => {
    if (!failure) socket.write(bytes, goOn);
  };
  goOn();
  return socket;
}

const kinds: readonly ProcessKind[] = ['functions-framework', 'server.ts'];

describe.each(kinds)('Callers of %s that never read', (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind, { env });
  });
  afterAll(() => host.stop());

  test.each([
    ['short answers', get('/v2')],
    ['refusals', get('/nowhere')],
    ['answers before bytes that are no HTTP', `${get('/v2').repeat(3000)}NONSENSE\r\n\r\n`],
    ['long texts before bytes that are no HTTP', `${get('/openapi.json').repeat(300)}NONSENSE\r\n\r\n`],
    ['long texts', get('/openapi.json')],
    ['predictions of many rows', predict(10_000)],
  ])('%s, are cut off, and hold nothing any more', async (_, request) => {
    const deaf = await Promise.all([1, 2, 3].map(() => openDeaf(host.port, request)));
    await Promise.all(deaf.map((socket) => new Promise((resolve) => socket.on('close', resolve))));
    await untilSample(host, (bytes) => bytes === 0, 'predict_buffered_bytes');
    await untilSample(host, (requests) => requests === 1, 'predict_requests_in_flight');
    expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
  });
});

/** Room for bodies, and not for the answers to them. */
const small = { CLIENT_TIMEOUT_MS: '3000', MAX_BUFFERED_BYTES: '3000000', MAX_BODY_BYTES: '1000000' };

test('While long answers are not read, others are told that their memory is taken, and have it once the caller is cut off', async () => {
  const host = await startHost('server.ts', { env: small });
  const body = JSON.stringify({ instances: [goodInstance] }).padEnd(500_000);
  const ask = () => host.request('POST', '/predict', { headers: { 'content-type': 'application/json' }, body });

  let closed: Promise<unknown> | undefined;
  let reply = await ask();
  // On a busy machine a caller may be cut off before anybody has asked.
  while (reply.status !== 429) {
    const deaf = await openDeaf(host.port, predict(14_000));
    closed = new Promise((resolve) => deaf.once('close', resolve));
    while (reply.status !== 429 && !deaf.destroyed) reply = await ask();
  }
  expect((reply.json as { readonly detail: string }).detail).toContain('are using the memory');

  await closed;
  while (reply.status !== 200) reply = await ask();
  await host.stop();
});
