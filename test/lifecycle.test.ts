/** A host's start, its end and what it leaves behind. */

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from './client';
import { holdModel } from './held-model';
import { type Host, launchHost, processKinds, startHost } from './hosts';
import { goodInstance } from './model-files';

const good = { instances: [goodInstance] };

describe.each(processKinds)('%s', (kind) => {
  test.each([
    ['MAX_BODY_BYTES', 'abc', 'integer'],
    ['MAX_BODY_BYTES', '-1', 'integer'],
    ['MAX_BATCH_ROWS', '0', 'from 1'],
    ['ONNX_THREADS', '1.5', 'integer'],
    ['MODEL_LOADING', 'never', 'lazy or eager'],
    ['DIRECT_SERVING', 'yes', 'on or off'],
  ])('%s=%s stops the start with a line that names the variable, the value and the rule', async (name, value, rule) => {
    const host = await launchHost(kind, { env: { [name]: value } });
    expect(await host.exitCode).toBe(1);
    const [line, ...others] = host.lines;
    expect(others).toEqual([]);
    const { severity, message } = JSON.parse(line ?? '{}') as { readonly severity?: string; readonly message?: string };
    expect(severity).toBe('ERROR');
    for (const part of [name, JSON.stringify(value), rule]) expect(message).toContain(part);
  });

  test('an empty variable is an unset one', async () => {
    const host = await startHost(kind, { env: { MAX_BODY_BYTES: '', MODEL_LOADING: '' } });
    expect((await host.post('/', good)).status).toBe(200);
    await host.stop();
  });

  test('a directory without a model stops the start', async () => {
    const host = await launchHost(kind, { env: { MODEL_DIR: join(__dirname, 'nowhere') } });
    expect(await host.exitCode).toBe(1);
    expect(host.lines.join()).toContain('nowhere');
  });

  test('a signal lets the request in flight be answered, and the process exits with 0', async () => {
    const model = holdModel();
    const host = await startHost(kind, { env: { MODEL_DIR: model.directory } });
    const inFlight = host.post('/', good);
    const goOn = await model.untilLoading();
    host.kill('SIGTERM');
    await refused(host.port);
    await goOn();
    const { status, headers } = await inFlight;
    expect([status, headers.connection]).toEqual([200, 'close']);
    expect(await host.exitCode).toBe(0);
    host.close();
    model.remove();
  });

  test('a second signal ends the process at once, without a stack', async () => {
    const host = await startHost(kind);
    const headers = { 'content-type': 'application/json', 'content-length': 100, expect: '100-continue' };
    const outgoing = request({ host: '127.0.0.1', port: host.port, method: 'POST', headers });
    outgoing.on('error', () => undefined).flushHeaders();
    await once(outgoing, 'continue');
    host.kill('SIGTERM');
    await refused(host.port);
    host.kill('SIGTERM');
    expect(await host.exitCode).toBe(1);
    expect(host.stdout.filter((line) => /^Error|^\s+at /.test(line))).toEqual([]);
    host.close();
  });

  test('an idle connection does not hold up the exit', async () => {
    const host = await startHost(kind);
    await host.request('GET', '/v2/health/live');
    host.kill('SIGTERM');
    // It would be 1 at the deadline.
    expect(await host.exitCode).toBe(0);
    host.close();
  });

  test('a body that arrives in part before the signal is answered', async () => {
    const host = await startHost(kind);
    const status = await postAcrossSignal(host);
    expect([200, 503]).toContain(status);
    expect(await host.exitCode).toBe(0);
  });
});

/** Sends half a body, a signal, and the rest. */
async function postAcrossSignal(host: Host): Promise<number> {
  const body = JSON.stringify(good);
  const headers = { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' };
  const outgoing = request({ host: '127.0.0.1', port: host.port, method: 'POST', headers });
  const response = once(outgoing, 'response');
  outgoing.flushHeaders();
  // The host has read the header when it asks for the body.
  await once(outgoing, 'continue');
  outgoing.write(body.slice(0, 5));
  host.kill('SIGTERM');
  await Promise.race([host.line(/./), response, host.exitCode, refused(host.port)]);
  outgoing.end(body.slice(5));
  const [incoming] = await response;
  incoming.resume();
  return incoming.statusCode;
}

/** Settles when the host takes no connections any more: it has seen the signal. */
async function refused(port: number): Promise<void> {
  const client = createClient(port);
  for (;;) {
    const isOpen = await client.request('GET', '/v2/health/live', { headers: { connection: 'close' } }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (!isOpen) return client.close();
  }
}

describe.each(processKinds)('After predictions, %s', (kind) => {
  test('has written no file to the home and temporary directories', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'empty-'));
    const [home, temporary] = [join(directory, 'home'), join(directory, 'tmp')];
    for (const path of [home, temporary]) mkdirSync(path);
    const host = await startHost(kind, { env: { HOME: home, TMPDIR: temporary } });
    for (let i = 0; i < 3; i++) expect((await host.post('/', good)).status).toBe(200);
    const duringLife = readdirSync(directory, { recursive: true });
    await host.stop();
    expect(duringLife.sort()).toEqual(['home', 'tmp']);
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['home', 'tmp']);
    rmSync(directory, { recursive: true });
  });
});
