/** Who is refused at the level of the connection is told why, is cut off soon, and holds nothing any more. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Host, processKinds, startHost } from '../hosts';
import { goodInstance } from '../model-files';

const env = { CLIENT_TIMEOUT_MS: '500', MAX_BUFFERED_BYTES: '1200000', MAX_BODY_BYTES: '1000000' };
const body = JSON.stringify({ instances: [goodInstance] });
const head = (...fields: readonly string[]) =>
  ['POST /predict HTTP/1.1', 'host: localhost', 'content-type: application/json', ...fields, '', ''].join('\r\n');
const whole = head(`content-length: ${body.length}`) + body;
const long = ' '.repeat(900_000);

/** A caller that never ends its half, whatever the host does. */
async function hold({ port }: Host, bytes: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes, 'latin1');
  return socket;
}

/** Sends a byte again and again until the connection is no more: a half that is closed would take them for ever. */
async function cutOff(socket: Socket): Promise<void> {
  const timer = setInterval(() => socket.write(' '), 20);
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(timer);
}

describe.each(processKinds)('%s', (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind, { env });
  });
  afterAll(() => host.stop());

  test.each([
    ['says nothing', ''],
    ['sends half a head', 'POST /pre'],
    ['sends half a body', head('content-length: 100') + body.slice(0, 9)],
    ['sends half a chunk', `${head('transfer-encoding: chunked')}5\r\n{"`],
    ['is told to go on and does not', head('expect: 100-continue', 'content-length: 100')],
    ['stops in its second request', whole + head('content-length: 100')],
    ['asks for another protocol and sends no body', head('connection: upgrade', 'upgrade: h2c', 'content-length: 9')],
    ['asks for a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'],
    ['speaks TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('who %s is cut off, though its half stays open and it reads nothing', async (_, bytes) => {
    await cutOff(await hold(host, bytes));
  });

  test('half a long body is given back with the refusal, while its connection is still open', async () => {
    const caller = await hold(host, head('content-length: 1000000') + long);
    caller.setEncoding('latin1');
    const [answer] = await once(caller, 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    const headers = { 'content-type': 'application/json' };
    expect((await host.request('POST', '/predict', { headers, body: body + long })).status).toBe(200);
    caller.destroy();
  });

  test('who has sent all and closes its half gets an answer that takes its time', async () => {
    const fresh = await startHost(kind);
    // The first loads the model.
    const caller = await hold(fresh, whole);
    caller.end();
    caller.setEncoding('latin1');
    const [answer] = await once(caller, 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    await fresh.stop();
  });
});
