/** Deploy build step: starts each host and predicts once, so that Node caches compiled code for later starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { compileCacheDirectory } from '../../compile-cache';
import { readConfig } from '../../config';
import { readSamples } from '../../model/acceptance/golden-samples';

const root = join(__dirname, '../../..');
const retryMs = 20;
const deadlineMs = 30_000;
/** www-data, which runs what Google Cloud's buildpacks build, and the first user of most images. */
const runtimeUsers = ['33', '1000'];

const hosts = [
  ['dist/server.js'],
  ['node_modules/@google-cloud/functions-framework/build/src/main.js', '--target=predict'],
];

async function warmHost(command: readonly string[], body: string): Promise<void> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), NODE_COMPILE_CACHE: compileCacheDirectory };
  const host = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(host, 'exit');
  const deadline = setTimeout(() => host.kill('SIGKILL'), deadlineMs);
  const status = await predictWhenUp(port, body, () => host.exitCode !== null || host.killed);
  // Node writes its cache on a clean exit.
  host.kill('SIGTERM');
  await ended;
  clearTimeout(deadline);
  if (status !== 200) throw new Error(`${command[0]} answered ${status} to a golden sample; expected 200.`);
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

async function main(): Promise<void> {
  mkdirSync(compileCacheDirectory, { recursive: true });
  const [sample] = readSamples(readConfig().modelDirectory);
  const body = JSON.stringify({ instances: [sample?.instance] });
  for (const host of hosts) await warmHost(host, body);
  shareWithRuntimeUsers();
}

/** Node keeps one directory per user, and a function may run as a different user than the build. */
function shareWithRuntimeUsers(): void {
  for (const name of readdirSync(compileCacheDirectory)) {
    const [, version, user] = /^(.+)-(\d+)$/.exec(name) ?? [];
    for (const other of runtimeUsers) {
      const link = join(compileCacheDirectory, `${version}-${other}`);
      if (version !== undefined && user !== other && !existsSync(link)) symlinkSync(name, link);
    }
  }
}

void main();
