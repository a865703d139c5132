/** On a functions-framework whose server is not as expected, the function serves through it and says so once. */
import { join } from 'node:path';
import { type Host, startHost } from './hosts';
import { goodInstance } from './model-files';

const warning = /cannot be taken over|can be taken over/;
const unfamiliar = { NODE_OPTIONS: `--require ${join(__dirname, 'fixtures/second-request-listener.cjs')}` };

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
  const env = { NODE_OPTIONS: `--require ${join(__dirname, 'fixtures/silent-channel.cjs')}` };
  const host = await startHost('functions-framework', { env });
  // The framework answers this itself, with HTML.
  const reply = await host.request('POST', '/', { headers: { 'content-type': 'application/json' }, body: '{' });
  expect([reply.status, reply.headers['content-type']]).toEqual([400, 'application/problem+json']);
  await host.post('/', { instances: [goodInstance] });
  expect(await host.stop()).toBe(0);
  expect(host.stdout.filter((line) => warning.test(line))).toEqual([]);
});

test('nothing is said when the server is taken over', async () => {
  expect(await linesAfterPredictions('functions-framework')).toEqual([]);
});

test('nothing is said when the takeover is switched off', async () => {
  expect(await linesAfterPredictions('functions-framework without takeover', unfamiliar)).toEqual([]);
});
