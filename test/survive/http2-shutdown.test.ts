/** At a signal, connections of HTTP/2 are told to go, and lose nothing. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createGrpcClient, frame, inferRequest } from '../grpc-client';
import { holdModel } from '../held-model';
import { startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { readSample } from '../scrape';
import { callOf, flags, frameOf, headOf, inferPath, openRaw, preface, settings, types } from './frames';

const good = inferRequest([goodInstance]);

test('At a signal, what was accepted is answered, clients are told to go elsewhere, and new connections are refused', async () => {
  const model = holdModel();
  const host = await startHost('server.ts', { env: { MODEL_DIR: model.directory } });
  const client = await createGrpcClient(host.port);
  const accepted = Array.from({ length: 40 }, () => client.call('ModelInfer', good));
  const goOn = await model.untilLoading();
  while ((await readSample(host, 'predict_requests_in_flight')) < 41);
  const goaway = once(client.session, 'goaway');
  host.kill('SIGTERM');
  const [code] = await goaway;
  expect(code).toBe(0);
  const newcomer = await createGrpcClient(host.port);
  const refused = await newcomer.call('ModelInfer', good);
  expect(refused).toMatchObject({ code: 14, text: expect.stringContaining('shutting down') });
  expect(refused.headers['grpc-retry-pushback-ms']).toBe('1000');
  await goOn();
  expect((await Promise.all(accepted)).map((outcome) => outcome.code)).toEqual(Array(40).fill(0));
  expect(await host.exitCode).toBe(0);
  host.close();
  newcomer.close();
  client.close();
  model.remove();
});

test('Of calls that are sent on and on, each is answered or refused as not begun', async () => {
  const host = await startHost('server.ts');
  const client = await createGrpcClient(host.port);
  await client.call('ModelInfer', good);
  const lost: unknown[] = [];
  let answered = 0;

  async function goOn(): Promise<void> {
    while (!client.session.closed && !client.session.destroyed) {
      const { stream, outcome } = client.send('ModelInfer', frame(good));
      const { code } = await outcome;
      // Refused streams (7) may be sent again elsewhere; a stream without a number was never sent.
      const isSafe = code === 0 || stream.rstCode === 7 || stream.id === undefined;
      if (code === 0) answered++;
      if (!isSafe) lost.push([code, stream.rstCode, stream.id]);
    }
  }

  const callers = Array.from({ length: 16 }, goOn);
  while (answered < 500) await delay(2);
  host.kill('SIGTERM');
  await Promise.all(callers);
  expect(await host.exitCode).toBe(0);
  expect(lost).toEqual([]);
  client.close();
  host.close();
});

test.each([
  ['has sent nothing since', [preface, settings]],
  ['has sent a part of a call', [preface, settings, frameOf(types.headers, flags.endHeaders, 1, headOf(inferPath))]],
  ['does not read', [preface, settings, callOf(1, frame(good))]],
])('A connection that %s does not hold up the end', async (_, bytes) => {
  const host = await startHost('server.ts');
  const caller = await openRaw(host.port, ...bytes);
  await once(caller.socket, 'data');
  caller.socket.pause();
  await host.request('GET', '/v2/health/live');
  host.kill('SIGTERM');
  // It would be 1 at the deadline.
  expect(await host.exitCode).toBe(0);
  caller.socket.destroy();
  host.close();
});
