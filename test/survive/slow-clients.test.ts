/** Callers that are slow, broken or gone are cut off in time, give back what they held, and touch nobody else. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Host, processKinds, startHost } from '../hosts';
import { goodInstance } from '../model-files';

/** For callers that are meant to be cut off; others get all the time that a busy machine may need. */
const impatient = { CLIENT_TIMEOUT_MS: '1000' };
const body = JSON.stringify({ instances: [goodInstance] });
const headOf = (...fields: readonly string[]) =>
  ['POST /predict HTTP/1.1', 'host: localhost', 'content-type: application/json', ...fields, '', ''].join('\r\n');
const whole = headOf(`content-length: ${body.length}`) + body;

interface Caller {
  readonly socket: Socket;
  /** What has come so far. */
  text(): string;
  /** Waits until the connection has ended, and gives back what came. */
  readonly closed: Promise<string>;
  until(pattern: RegExp): Promise<string>;
}

async function open({ port }: Host, bytes: string): Promise<Caller> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  // A reset is one way of being cut off.
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  socket.write(bytes);

  async function until(pattern: RegExp): Promise<string> {
    while (!pattern.test(text)) await Promise.race([once(socket, 'data'), closed.then(() => failed(pattern, text))]);
    return text;
  }

  return { socket, text: () => text, closed, until };
}

function failed(pattern: RegExp, text: string): never {
  throw new Error(`Nothing that came matches ${pattern}: ${text}`);
}

/** Writes the text a byte at a time, as long as somebody listens. */
function drip({ socket, closed }: Caller, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 50);
  void closed.then(() => clearInterval(timer));
}

describe.each(processKinds)('On %s', (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind);
    await host.request('GET', '/v2/health/ready');
  });
  afterAll(() => host.stop());
  afterEach(async () => {
    expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
  });

  // All at once: each takes the whole of its time.
  test('who sends nothing or a part and then waits is cut off with 408, and who drips is cut off all the same', async () => {
    const strict = await startHost(kind, { env: impatient });
    const waiting = await Promise.all(
      [
        '',
        'POST /pre',
        headOf('x-a: b').slice(0, -2),
        headOf('content-length: 100') + body.slice(0, 9),
        headOf(`content-length: ${body.length + 5}`) + body,
        `${headOf('transfer-encoding: chunked')}5\r\n{"ins\r\n`,
      ].map((bytes) => open(strict, bytes)),
    );
    const dripping = await Promise.all(
      [
        [headOf('x-a: b').slice(0, -2), 'x'],
        [headOf('content-length: 100000'), ' '],
        [headOf('transfer-encoding: chunked'), '1\r\n \r\n'],
      ].map(async ([bytes = '', drops = '']) => {
        const caller = await open(strict, bytes);
        drip(caller, drops);
        return caller.closed;
      }),
    );
    expect(dripping).toHaveLength(3);
    for (const { closed } of waiting)
      expect(await closed).toMatch(
        /^HTTP\/1\.1 408 [\s\S]*request-timeout[\s\S]* the whole request within \d+ ms, got only a part/,
      );
    expect((await strict.post('/predict', { instances: [goodInstance] })).status).toBe(200);
    await strict.stop();
  });

  test('a hundred slow callers hold up nobody', async () => {
    const callers = await Promise.all(Array.from({ length: 100 }, () => open(host, headOf('content-length: 100'))));
    for (let i = 0; i < 20; i++) expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
    for (const { socket } of callers) socket.destroy();
  });

  test('who has sent all and closes its half gets its answer', async () => {
    const caller = await open(host, whole);
    caller.socket.end();
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('who vanishes before the answer leaves nothing in flight', async () => {
    for (let i = 0; i < 20; i++) {
      const caller = await open(host, whole);
      caller.socket.resetAndDestroy();
    }
    let metrics = '';
    // The request for the metrics is one itself.
    while (!/^predict_requests_in_flight 1$/m.test(metrics)) metrics = (await host.request('GET', '/metrics')).text;
    expect(metrics).toMatch(/^predict_queued_rows\{[^}]*\} 0$/m);
  });

  test('requests on one connection that do not wait are answered in their order', async () => {
    const live = 'GET /v2/health/live HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const nowhere = 'GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
    const caller = await open(host, whole + live + whole + nowhere);
    const answers = (await caller.closed).match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual([200, 200, 200, 404].map((status) => `HTTP/1.1 ${status}`));
  });

  test('who asks before it sends is told to go on', async () => {
    const caller = await open(
      host,
      headOf('expect: 100-continue', 'connection: close', `content-length: ${body.length}`),
    );
    await caller.until(/^HTTP\/1\.1 100 /);
    caller.socket.write(body);
    expect(await caller.closed).toMatch(/HTTP\/1\.1 200 /);
  });

  // Who goes on sending may see the connection reset before the answer.
  test('chunks that go on for ever are refused at the limit', async () => {
    const caller = await open(host, headOf('transfer-encoding: chunked'));
    const chunks = `10000\r\n${' '.repeat(0x10000)}\r\n`.repeat(32);
    const goOn = (failure?: Error | null) => {
      if (!failure) caller.socket.write(chunks, goOn);
    };
    goOn();
    expect(await caller.closed).toMatch(/^(HTTP\/1\.1 413 |$)/);
  });

  test.each([
    ['two lengths', headOf('content-length: 5', 'content-length: 6') + body],
    ['a length and chunks', `${headOf('content-length: 5', 'transfer-encoding: chunked')}0\r\n\r\n`],
    ['a length that is no number', headOf('content-length: -1')],
    ['a chunk of no size', `${headOf('transfer-encoding: chunked')}zz\r\n`],
    ['a body that is longer than its length', headOf('content-length: 3') + body],
  ])('%s are answered with 400 and the connection is closed', async (_, bytes) => {
    const caller = await open(host, bytes);
    expect(await caller.closed).toMatch(/HTTP\/1\.1 400 [\s\S]*connection: close/i);
  });

  test('header fields without end are refused with 431', async () => {
    const caller = await open(host, headOf(`x-a: ${'y'.repeat(20_000)}`));
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 431 /);
  });
});
