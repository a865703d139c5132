/** A port that is taken ends the start with one line that says what to do, on each host. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { spawnHost } from '../processes';

test.each(['server', 'framework'] as const)('%s', async (program) => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const host = await spawnHost(program, { port });
  expect(await host.exitCode).toBe(1);
  expect(host.lines.filter((line) => line.includes('"ERROR"')).map((line) => JSON.parse(line))).toEqual([
    {
      severity: 'ERROR',
      message: `Port ${port} is taken (EADDRINUSE): stop the other process, or set PORT to a free port.`,
    },
  ]);
  other.close();
});
