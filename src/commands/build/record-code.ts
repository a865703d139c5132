/** Starts each host of a deploy and predicts once, so that the code which V8 compiles for it need not be compiled again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { relative } from 'node:path';
import { readConfig } from '../../config';
import { readSamples } from '../../model/acceptance/golden-samples';
import { root } from './paths';
import { starters, writeStarters } from './starters';

const retryMs = 20;
const deadlineMs = 30_000;

const hosts = [[starters.service], [starters.framework, '--target=predict']];

export async function recordCode(): Promise<void> {
  const [sample] = readSamples(readConfig().modelDirectory);
  const body = JSON.stringify({ instances: [sample?.instance] });
  writeStarters('recordBundle');
  for (const host of hosts) await recordHost(host, body);
  writeStarters('loadBundle');
}

async function recordHost(command: readonly string[], body: string): Promise<void> {
  const port = await freePort();
  const env = { ...process.env, NODE_ENV: 'production', MODEL_LOADING: 'eager', PORT: String(port) };
  const host = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(host, 'exit');
  const deadline = setTimeout(() => host.kill('SIGKILL'), deadlineMs);
  const status = await predictWhenUp(port, body, () => host.exitCode !== null || host.killed);
  // The code is written when the host exits.
  host.kill('SIGTERM');
  await ended;
  clearTimeout(deadline);
  if (status !== 200) {
    const name = relative(root, command[0] ?? '');
    throw new Error(`Expected ${name} to answer 200 to a golden sample, got ${status || 'no answer'}.`);
  }
}

async function predictWhenUp(port: number, body: string, isOver: () => boolean): Promise<number> {
  while (!isOver()) {
    const status = await post(port, body).catch(() => undefined);
    if (status !== undefined) return status;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  return 0;
}

function post(port: number, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const call = request({ port, path: '/predict', method: 'POST', headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    call.on('error', reject).end(body);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
