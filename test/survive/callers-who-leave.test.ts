/** Who leaves while its long request waits or is in work gives up its place at once, however it leaves. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describeEachHost } from '../hosts';
import { goodInstance } from '../model-files';
import { readSample, untilSample } from '../scrape';

const bodyBytes = 10_000_000;
const row = JSON.stringify(goodInstance);
const rowsOf = (count: number) => `{"instances":[${Array.from({ length: count }, () => row).join(',')}]}`;
/** A few kilobytes each, which take long to unfold and to read. */
const spaces = gzipSync(rowsOf(1).padEnd(bodyBytes));
const manyRows = gzipSync(rowsOf(90_000).padEnd(bodyBytes));

function toBytes(body: Buffer, coding: string, version = '1.1'): Buffer {
  const fields = ['host: localhost', 'content-type: application/json', `content-encoding: ${coding}`];
  const head = [`POST /predict HTTP/${version}`, ...fields, `content-length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

async function begin(port: number, bytes: Buffer, allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.write(bytes, resolve));
  return socket;
}

describeEachHost('Callers who leave', (host) => {
  test.each([
    ['closing, of spaces', spaces, '1.1', (socket: Socket) => socket.destroy()],
    ['closing, of rows', manyRows, '1.1', (socket: Socket) => socket.destroy()],
    ['closing, by HTTP/1.0', manyRows, '1.0', (socket: Socket) => socket.destroy()],
    ['with a reset, of spaces', spaces, '1.1', (socket: Socket) => socket.resetAndDestroy()],
    ['with a reset, of rows', manyRows, '1.1', (socket: Socket) => socket.resetAndDestroy()],
  ])('%s, leave no work behind', async (_, body, version, leave) => {
    await host.post('/predict', { instances: [goodInstance] });
    const answered = () => readSample(host, 'predict_requests_total', { route: '/predict' });
    const none = await answered();
    const callers = await Promise.all(
      Array.from({ length: 60 }, () => begin(host.port, toBytes(body, 'gzip', version))),
    );
    // All of them may have been answered before this process has its turn.
    while ((await readSample(host, 'predict_long_bodies')) < 5 && (await answered()) < none + callers.length);
    const before = await answered();
    for (const socket of callers) leave(socket);
    await untilSample(host, (bodies) => bodies === 0, 'predict_long_bodies');
    // A few are answered before the others have left.
    expect((await answered()) - before).toBeLessThan(30);
  });

  test('half of their connection only, are answered', async () => {
    const callers = await Promise.all(Array.from({ length: 4 }, () => begin(host.port, toBytes(spaces, 'gzip'), true)));
    const texts = callers.map(async (socket) => {
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
      });
      socket.end();
      await once(socket, 'close');
      return text;
    });
    for (const text of await Promise.all(texts))
      expect(text).toMatch(/^(HTTP\/1\.1 100 Continue\r\n\r\n)*HTTP\/1\.1 200 OK\r\n/);
  });
});
