/** A host asks nobody, tells callers nothing about itself, and writes lines that no caller can forge. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describeEachHost, type Host, startHost } from '../hosts';
import { card, goodInstance } from '../model-files';

const good = { instances: [goodInstance] };

/** Remote ends of the sockets that a process holds, and the ports of those it has for datagrams. */
function foreignSockets(pid: number, port: number): string[] {
  const own = socketInodes(pid);
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , , , , , , , inode = '']) => own.has(inode) && !isOn(local, port))
      .map(([, local, remote]) => `${protocol} ${local} ${remote}`),
  );
}

function isOn(address: string, port: number): boolean {
  return Number.parseInt(address.split(':')[1] ?? '', 16) === port;
}

function socketInodes(pid: number): ReadonlySet<string> {
  const inodes = readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? '';
    } catch {
      // Closed since the directory was read.
      return '';
    }
  });
  return new Set(inodes.filter((inode) => inode !== ''));
}

const canWatch = process.platform === 'linux';

describe.each(['functions-framework', 'server.ts'] as const)('%s', (kind) => {
  // The environment of a host has no CI in it: the runtime's own switch for usage data stays as users have it.
  (canWatch ? test : test.skip)('opens no connection and asks for no name, from its start to its end', async () => {
    const host = await startHost(kind, { env: { MODEL_LOADING: 'eager' } });
    const seen = new Set<string>();
    for (let i = 0; i < 100; i++) {
      await host.post('/predict', good);
      for (const socket of foreignSockets(host.pid, host.port)) seen.add(socket);
    }
    expect([...seen]).toEqual([]);
    await host.stop();
  });
});

(canWatch ? test : test.skip)('The watch sees a connection and a question for a name when there is one', async () => {
  const asking = join(__dirname, '../fixtures/asks-others.cjs');
  const host = await startHost('server.ts', { env: { NODE_OPTIONS: `--require=${asking}` } });
  const seen = new Set<string>();
  while (!hasBoth(seen)) for (const socket of foreignSockets(host.pid, host.port)) seen.add(socket.split(' ')[0] ?? '');
  expect(hasBoth(seen)).toBe(true);
  await host.stop();
});

const hasBoth = (seen: ReadonlySet<string>) =>
  [...seen].some((text) => text.startsWith('tcp')) && [...seen].some((text) => text.startsWith('udp'));

describeEachHost('Answers', (host) => {
  test.each([
    ['GET', '/'],
    ['GET', '/openapi.json'],
    ['GET', '/metrics'],
    ['GET', '/model-card.json'],
    ['GET', '/v2/health/live'],
    ['GET', `/v1/models/${card.name}`],
    ['GET', '/nowhere'],
    ['POST', '/predict'],
    ['DELETE', '/predict'],
  ])('to %s %s say what they are and not who made them', async (method, path) => {
    const reply = await host.request(method, path, { headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(Object.keys(reply.headers)).not.toContain('server');
    expect(Object.keys(reply.headers)).not.toContain('x-powered-by');
    if (reply.status >= 400)
      expect(reply.text).not.toMatch(/onnxruntime|ajv|express|framework|node_modules|\.[jt]s\b/i);
  });
});

describe('The log', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts', { env: { LOG_INPUTS: 'sample', GOOGLE_CLOUD_PROJECT: 'mine' } });
  });
  afterAll(() => host.stop());

  test('has one line of JSON for each request, whatever the request says', async () => {
    const forged = '%0a{"severity":"EMERGENCY"}%0d%0a';
    const trace = `"},"severity":"EMERGENCY","x":"`;
    const paths = [`/${forged}`, `/predict?${forged}`, '/"}{"severity":"EMERGENCY"}', `/v1/models/${forged}:predict`];
    for (const path of paths) {
      const headers = { traceparent: trace, 'x-cloud-trace-context': `${trace}/1;o=1`, 'user-agent': trace };
      await host.request('POST', path, { headers, body: `{"instances":"\\n${trace.replaceAll('"', '\\"')}"}` });
    }
    await host.stop();
    const lines = host.stdout.map((line) => JSON.parse(line) as { severity: string; message: string });
    expect(lines).toHaveLength(paths.length);
    for (const { severity } of lines) expect(['INFO', 'WARNING', 'ERROR']).toContain(severity);
  });
});
