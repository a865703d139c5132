/** Thousands of requests on a connection are answered whole, in their order, before what ends it. */
import { startHost } from '../hosts';
import { badEnds, expectInOrder, open, unknown } from './pipelined';

describe.each(['functions-framework', 'server.ts'] as const)('%s', (kind) => {
  test('answers more than it reads at a time before what ends a connection', async () => {
    const host = await startHost(kind, { env: { LOG_REQUESTS: 'none' } });
    for (const bad of badEnds) {
      const parts = [...Array.from({ length: 3000 }, (_, i) => unknown(i)), bad];
      const { socket, text } = await open(host.port);
      socket.end(parts.map(({ bytes }) => bytes).join(''), 'latin1');
      expectInOrder(await text, parts);
    }
    expect(await host.stop()).toBe(0);
  });
});
