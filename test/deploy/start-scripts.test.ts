/** A platform that starts the project by npm ends it by a signal to npm: the server itself must get it. */

import { readSamples } from '../../src/model/samples';
import { createClient } from '../client';
import { deployedDirectory } from '../model-files';
import { spawnHost, waitUntilListening } from '../processes';

describe.each(['npm start', 'npm run start:server'] as const)('%s', (script) => {
  test('passes SIGTERM on to the server, which answers what it took and ends', async () => {
    const host = await spawnHost(script, { env: { MODEL_DIR: '' } });
    await waitUntilListening(host);
    const [caller, observer] = [createClient(host.port), createClient(host.port)];
    for (const client of [caller, observer]) await client.request('GET', '/v2/health/live');
    // The first prediction takes long: it loads the model.
    const inFlight = caller.post('/', {
      instances: readSamples(deployedDirectory)
        .slice(0, 1)
        .map(({ instance }) => instance),
    });
    await observer.request('GET', '/v2/health/live');
    host.kill('SIGTERM');
    const { status, headers } = await inFlight;
    expect([status, headers.connection]).toEqual([200, 'close']);
    await host.exitCode;
    await expect(createClient(host.port).request('GET', '/v2/health/live')).rejects.toThrow('ECONNREFUSED');
  });
});
