/** A platform that starts the project by npm ends it by a signal to npm: the server itself must get it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../client';
import { holdModel } from '../held-model';
import { goodInstance } from '../model-files';
import { projectDirectory, spawnHost, waitUntilListening } from '../processes';

/** The project as it is where the tools of the build are not installed: one that builds would change files under other hosts. */
const built = mkdtempSync(join(tmpdir(), 'built-'));
const link = (path: string) => symlinkSync(join(projectDirectory, path), join(built, path));
['package.json', 'dist', 'src'].forEach(link);
mkdirSync(join(built, 'node_modules'));
readdirSync(join(projectDirectory, 'node_modules'))
  .filter((name) => name !== 'typescript')
  .map((name) => `node_modules/${name}`)
  .forEach(link);
afterAll(() => rmSync(built, { recursive: true }));

describe.each(['npm start', 'npm run start:server'] as const)('%s', (script) => {
  test('passes SIGTERM on to the server, which answers what it took and ends', async () => {
    const model = holdModel();
    const host = await spawnHost(script, { cwd: built, env: { MODEL_DIR: model.directory, MODEL_LOADING: 'lazy' } });
    await waitUntilListening(host);
    const caller = createClient(host.port);
    const inFlight = caller.post('/', { instances: [goodInstance] });
    const goOn = await model.untilLoading();
    host.kill('SIGTERM');
    while ((await statusOfNewcomer(host.port)) === 200);
    await goOn();
    const { status, headers } = await inFlight;
    expect([status, headers.connection]).toEqual([200, 'close']);
    await host.exitCode;
    await expect(statusOfNewcomer(host.port)).rejects.toThrow('ECONNREFUSED');
    model.remove();
  });
});

async function statusOfNewcomer(port: number): Promise<number> {
  const newcomer = createClient(port);
  const { status } = await newcomer.request('GET', '/v2/health/live').finally(newcomer.close);
  return status;
}
