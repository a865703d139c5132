/** Whatever fails at whichever step, what a request had taken is given back: all counts are zero again, and long bodies are answered. */
import '../realm';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { type App, createApp } from '../../src/app/app';
import { readConfig } from '../../src/config';
import { answerClientErrors } from '../../src/host/client-error';
import { createListener } from '../../src/host/listener';
import { setTimeouts } from '../../src/host/timeouts';
import type { HttpReply, HttpRequest } from '../../src/http/message';
import { type Client, createClient } from '../client';
import { processKinds, startHost } from '../hosts';
import { type Call, calls, longBytes, make, maxBodyBytes, toBody } from './faulty-calls';
import { seed } from './seed';

const env = {
  MODEL_DIR: join(__dirname, '../fixtures/models/lookup'),
  MAX_BODY_BYTES: String(maxBodyBytes),
  // Room for a few long bodies, so that others are refused.
  MAX_BUFFERED_BYTES: String(3 * maxBodyBytes),
  CLIENT_TIMEOUT_MS: '2000',
  REQUEST_TIMEOUT_MS: '2000',
  LOG_REQUESTS: 'none',
};

type Fault = (app: App, request: HttpRequest) => Promise<HttpReply>;

function fail(): never {
  throw new Error('A failure that is meant to be.');
}

/** What no request can bring about from outside. */
const faults: Readonly<Record<string, Fault>> = {
  'the app rejects': async () => fail(),
  'decoding throws': (app, request) => app.handle(Object.defineProperty({ ...request }, 'body', { get: fail })),
  'the question whether the caller has gone throws': (app, request) => app.handle({ ...request, isGone: fail }),
  'a header field is none': async (app, request) => {
    const reply = await app.handle(request);
    return { ...reply, headers: [...reply.headers, 'x-bad', 'one\r\ntwo'] };
  },
  'a status is none': async (app, request) => ({ ...(await app.handle(request)), status: 99_999 }),
  'pieces are none': async (app, request) => ({ ...(await app.handle(request)), body: [Buffer.from('{'), 5 as never] }),
  'no body': async (app, request) => ({ ...(await app.handle(request)), body: undefined as never }),
};

/** The app, with the failure that a request asks for. */
function breakApp(app: App): App {
  return {
    ...app,
    handle: (request) => (faults[String(request.headers['x-fault'])] ?? ((_, good) => app.handle(good)))(app, request),
    ended(request, reply) {
      app.ended(request, reply);
      if (request.headers['x-fault'] === 'the end throws') fail();
    },
  };
}

const gauges = ['predict_buffered_bytes', 'predict_long_bodies', 'predict_queued_rows', 'predict_requests_in_flight'];

/** Waits until only the request that asks is in work. */
async function untilAtRest(client: Client): Promise<void> {
  for (;;) {
    const { text } = await client.request('GET', '/metrics');
    const values = gauges.map((name) => new RegExp(`^${name}(?:\\{.*\\})? (.+)$`, 'm').exec(text)?.[1]);
    if (values.join() === '0,0,0,1') return;
  }
}

async function expectLongAnswered(client: Client): Promise<void> {
  for (const coding of [undefined, 'gzip'] as const) {
    const body = toBody({ content: '{"instances":[[1]]}', bytes: longBytes, coding, damage: 'none' });
    const headers = { 'content-type': 'application/json', ...(coding && { 'content-encoding': coding }) };
    const { status, json } = await client.request('POST', '/predict', { headers, body });
    expect({ status, json }).toEqual({ status: 200, json: { predictions: [{ value: 20 }] } });
  }
}

async function expectReturns(port: number, client: Client, storm: readonly Call[]): Promise<void> {
  await Promise.all(storm.map((call) => make(port, call)));
  await untilAtRest(client);
  await expectLongAnswered(client);
}

test(`In process, everything is given back after each failure (FUZZ_SEED=${seed})`, async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const config = readConfig(env);
  const app = createApp(config);
  const server = createServer(createListener(breakApp(app), config));
  setTimeouts(server, config);
  answerClientErrors(server);
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createClient(port);

  const storms = fc.array(calls([...Object.keys(faults), 'the end throws']), { minLength: 1, maxLength: 12 });
  const property = fc.asyncProperty(storms, (storm) => expectReturns(port, client, storm));
  try {
    await fc.assert(property, { numRuns: 30, seed, endOnFailure: true });
  } finally {
    client.close();
    server.close();
    server.closeAllConnections();
    await app.close();
    written.mockRestore();
  }
});

test.each(processKinds)(`On %s, everything is given back after a storm (FUZZ_SEED=${seed})`, async (kind) => {
  const host = await startHost(kind, { env });
  for (const storm of fc.sample(fc.array(calls([]), { minLength: 60, maxLength: 60 }), { numRuns: 3, seed }))
    await expectReturns(host.port, host, storm);
  expect(await host.stop()).toBe(0);
});
