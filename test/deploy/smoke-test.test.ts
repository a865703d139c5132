/** `npm run deploy -- smoke-test` passes on a server that serves this model, and says what is wrong with any other. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readSamples } from '../../src/model/acceptance/golden-samples';
import { describeEachHost, startHost } from '../hosts';
import { deployedDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { type Outcome, run } from './commands';

const smokeTest = (url: string, env: Record<string, string> = {}): Promise<Outcome> =>
  run('node', ['deploy/smoke-test.mjs', url], env);

const samples = readSamples(deployedDirectory);
const cardBytes = readFileSync(join(deployedDirectory, 'card.json'));

describeEachHost(
  'The smoke test',
  (host) => {
    test('passes', async () => {
      const { code, stdout, stderr } = await smokeTest(host.url);
      expect([stderr, code, stdout]).toEqual(['', 0, expect.stringContaining(`${samples.length} golden samples`)]);
    });
  },
  { env: { MODEL_DIR: deployedDirectory } },
);

/** Runs the smoke test against a server that answers as it is told. */
async function against(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  env = {},
): Promise<Outcome> {
  const server = createServer(answer).listen(0);
  await once(server, 'listening');
  const outcome = await smokeTest(`http://127.0.0.1:${(server.address() as AddressInfo).port}/below`, env);
  server.close();
  return outcome;
}

const answerAlmostRight = (request: IncomingMessage, response: ServerResponse) => {
  if (request.url !== '/below/predict') return void response.end(cardBytes);
  const predictions = samples.map(({ prediction }, i) => (i === 0 ? { other: 1 } : prediction));
  response.end(JSON.stringify({ predictions }));
};

describe('The smoke test', () => {
  test('fails for another model, and says so', async () => {
    const host = await startHost('in process', {
      env: { MODEL_DIR: `${projectDirectory}/test/fixtures/models/lookup` },
    });
    const { code, stderr } = await smokeTest(host.url);
    expect([code, stderr]).toEqual([1, expect.stringContaining('another model card')]);
    await host.stop();
  });

  test('fails for one wrong prediction, and prints what was sent, what came and what was expected', async () => {
    const { code, stderr } = await against(answerAlmostRight);
    expect(code).toBe(1);
    expect(stderr).toContain(JSON.stringify(samples[0]?.instance));
    expect(stderr).toContain(`expected ${JSON.stringify(samples[0]?.prediction)}`);
  });

  test('fails where nobody listens, and says so', async () => {
    const host = await startHost('in process');
    await host.stop();
    const { code, stderr } = await smokeTest(host.url);
    expect([code, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  test('sends the identity token with each request, and keeps to the path of the address', async () => {
    const seen: unknown[] = [];
    await against(
      (request, response) => {
        seen.push([request.url, request.headers.authorization]);
        answerAlmostRight(request, response);
      },
      { ID_TOKEN: 'a-token' },
    );
    const paths = ['/below/v2/health/ready', '/below/model-card.json', '/below/predict'];
    expect(seen).toEqual(paths.map((path) => [path, 'Bearer a-token']));
  });

  test('prints no token when it fails', async () => {
    const { stdout, stderr } = await against((_request, response) => void response.writeHead(403).end('no'), {
      ID_TOKEN: 'a-token',
    });
    expect(stderr).toContain('403');
    expect(stdout + stderr).not.toContain('a-token');
  });
});
