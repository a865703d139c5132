/** On a functions-framework whose server is not as expected, the function serves through it and says so once. */
import { join } from 'node:path';
import { createClient } from '../client';
import { holdModel } from '../held-model';
import { type Host, startHost } from '../hosts';
import { goodInstance } from '../model-files';

const warning = /Cannot bypass the middleware/;
const unfamiliar = { NODE_OPTIONS: `--require ${join(__dirname, '../fixtures/second-request-listener.cjs')}` };

const silent = { NODE_OPTIONS: `--require ${join(__dirname, '../fixtures/silent-channel.cjs')}` };
const environments = {
  'taken over': {},
  'not announced': silent,
  'not known': unfamiliar,
  'kept by a setting': { DIRECT_SERVING: 'off' },
};

async function linesAfterPredictions(kind: 'functions-framework' | 'functions-framework without takeover', env = {}) {
  const host: Host = await startHost(kind, { env });
  for (let i = 0; i < 3; i++) expect((await host.post('/', { instances: [goodInstance] })).status).toBe(200);
  await host.stop();
  return host.stdout.filter((line) => warning.test(line));
}

test('predictions work and one warning says that the server was not taken over', async () => {
  const lines = await linesAfterPredictions('functions-framework', unfamiliar);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ severity: 'WARNING' }]);
});

test('a server that Node does not announce is taken over all the same', async () => {
  const host = await startHost('functions-framework', { env: silent });
  // The framework answers this itself.
  expect((await host.request('GET', '/favicon.ico')).headers['content-type']).toBe('application/problem+json');
  expect(await host.stop()).toBe(0);
  expect(host.stdout.filter((line) => warning.test(line))).toEqual([]);
});

test.each(Object.entries(environments))(
  'the framework, %s, neither reads bodies nor ends at a signal',
  async (_, env) => {
    const model = holdModel();
    const host = await startHost('functions-framework', { env: { ...env, MODEL_DIR: model.directory } });
    const broken = await host.request('POST', '/', { headers: { 'content-type': 'application/json' }, body: '{' });
    expect([broken.status, broken.headers['content-type']]).toEqual([400, 'application/problem+json']);
    const inFlight = host.post('/', { instances: [goodInstance] });
    const goOn = await model.untilLoading();
    host.kill('SIGTERM');
    while ((await statusOfNewcomer(host.port)) !== 503);
    await goOn();
    expect((await inFlight).status).toBe(200);
    expect(await host.exitCode).toBe(0);
    host.close();
    model.remove();
  },
);

async function statusOfNewcomer(port: number): Promise<number> {
  const newcomer = createClient(port);
  const { status } = await newcomer.request('GET', '/v2/health/live');
  newcomer.close();
  return status;
}

test('nothing is said when the server is taken over', async () => {
  expect(await linesAfterPredictions('functions-framework')).toEqual([]);
});

test('nothing is said when the takeover is switched off', async () => {
  expect(await linesAfterPredictions('functions-framework without takeover', unfamiliar)).toEqual([]);
});
