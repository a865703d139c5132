/** A platform that starts the project by npm ends it by a signal to npm: the server itself must get it. */
import { createClient } from '../client';
import { holdModel } from '../held-model';
import { goodInstance } from '../model-files';
import { spawnHost, waitUntilListening } from '../processes';

describe.each(['npm start', 'npm run start:server'] as const)('%s', (script) => {
  test('passes SIGTERM on to the server, which answers what it took and ends', async () => {
    const model = holdModel();
    const host = await spawnHost(script, { env: { MODEL_DIR: model.directory } });
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
