/** The endpoint serves this model: it repeats the golden samples over HTTP, and refuses what the card does not allow. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';

// Without its labels or a first sample a draft is not served yet.
const isDraft = readFileSync('model/card.json', 'utf8').includes('"TODO');
const port = await findFreePort();
const url = `http://127.0.0.1:${port}`;
const host = spawn(process.execPath, ['dist/server.js'], {
  env: { ...process.env, PORT: `${port}`, LOG_REQUESTS: 'none' },
  stdio: 'inherit',
});

before(async () => {
  for (let left = 200; left > 0 && host.exitCode === null; left -= 1) {
    if (await isListening()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The endpoint did not start: its lines above say why.');
});

after(async () => {
  if (host.exitCode !== null) return;
  host.kill();
  await once(host, 'exit');
});

test('the endpoint repeats the golden samples', { todo: isDraft && 'complete what model/card.json marks TODO' }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/smoke-test.mjs', url], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('the endpoint refuses an instance that is none', async () => {
  const body = JSON.stringify({ instances: [null] });
  const answer = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  assert.equal(answer.status, 422);
  assert.equal((await answer.json()).errors[0].pointer, '/instances/0');
});

async function isListening() {
  try {
    return (await fetch(`${url}/v2/health/live`)).status === 200;
  } catch {
    return false;
  }
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  return free;
}
