/** A host within the process of the tests, whose source is what they reach: no build is between. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../src/app/app';
import { readConfig } from '../src/config';
import { answerClientErrors } from '../src/host/client-error';
import { createHttp2 } from '../src/host/http2/preface';
import { createListener } from '../src/host/listener';
import { createSharedBodies } from '../src/host/shared-bodies';
import { setTimeouts } from '../src/host/timeouts';
import { type AnswerCheck, createClient } from './client';
import { modelDirectory } from './model-files';
import type { ProcessSettings } from './processes';

export async function startInProcess({ env = {} }: ProcessSettings, check?: AnswerCheck) {
  const config = readConfig({ LOG_REQUESTS: 'none', MODEL_DIR: modelDirectory, ...env });
  const app = createApp(config);
  const bodies = createSharedBodies(config);
  const server = createServer(createListener(app, { ...config, bodies }));
  setTimeouts(server, config);
  answerClientErrors(server, createHttp2(app, config, bodies));
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createClient(port, check);
  const exitCode = once(server, 'close').then(() => null);

  async function stop(): Promise<null> {
    client.close();
    server.close();
    server.closeAllConnections();
    await exitCode;
    await app.close();
    return null;
  }

  const noLines = () => Promise.reject(new Error('A host in process has no lines of its own.'));
  const kill = () => server.close();
  return { ...client, port, pid: process.pid, stdout: [], line: noLines, kill, exitCode, stop };
}
