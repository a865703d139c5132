/** From the signal on: what was accepted is answered, what is new is sent elsewhere, and nothing holds up the end. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClient } from '../client';
import { holdModel } from '../held-model';
import { processKinds, startHost } from '../hosts';
import { goodInstance } from '../model-files';

const good = { instances: [goodInstance] };

describe.each(processKinds)('%s, at a signal,', (kind) => {
  test('answers what it has accepted, and says 503 on new connections meanwhile', async () => {
    const model = holdModel();
    const host = await startHost(kind, { env: { MODEL_DIR: model.directory } });
    const accepted = host.post('/predict', good);
    const goOn = await model.untilLoading();
    host.kill('SIGTERM');
    for (let status = 200; status !== 503; ) {
      const newcomer = createClient(host.port);
      const { status: told, headers } = await newcomer.request('GET', '/v2/health/live');
      if (told === 503) expect(headers.connection).toBe('close');
      status = told;
      newcomer.close();
    }
    await goOn();
    expect((await accepted).status).toBe(200);
    expect(await host.exitCode).toBe(0);
    host.close();
    model.remove();
  });

  test('does not wait for a connection that has sent nothing', async () => {
    const host = await startHost(kind);
    const silent = connect(host.port, '127.0.0.1');
    await once(silent, 'connect');
    await host.request('GET', '/v2/health/live');
    host.kill('SIGTERM');
    // It would be 1 at the deadline.
    expect(await host.exitCode).toBe(0);
    silent.destroy();
    host.close();
  });

  test('does not wait for ever for half a request', async () => {
    const host = await startHost(kind);
    const half = await openHalf(host.port);
    host.kill('SIGTERM');
    expect(await host.exitCode).toBe(0);
    half.destroy();
    host.close();
  });

  test('a second time ends at once with another code', async () => {
    const host = await startHost(kind);
    const half = await openHalf(host.port);
    host.kill('SIGTERM');
    while ((await statusOfNewcomer(host.port)) !== 503);
    host.kill('SIGTERM');
    expect(await host.exitCode).toBe(1);
    half.destroy();
    host.close();
  });
});

/** A request of which the host has read the header and gets no body. */
async function openHalf(port: number): Promise<Socket> {
  const half = connect(port, '127.0.0.1');
  half.on('error', () => undefined);
  half.write('POST /predict HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n');
  await once(half, 'data');
  return half;
}

async function statusOfNewcomer(port: number): Promise<number> {
  const newcomer = createClient(port);
  const { status } = await newcomer.request('GET', '/v2/health/ready');
  newcomer.close();
  return status;
}
