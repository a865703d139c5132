/** A burst of pipelined requests on one connection leaves turns to the others. */
import { connect } from 'node:net';
import { describeEachHost } from '../hosts';

const requests = 400;
const burst = 'GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(requests);

describeEachHost('A burst of pipelined requests', (host) => {
  test('is answered whole, and others are answered before its end', async () => {
    let answers = 0;
    let rest = '';
    const socket = connect(host.port, '127.0.0.1');
    const isAnswered = new Promise<void>((resolve, reject) => {
      socket.setEncoding('latin1').on('error', reject);
      socket.on('data', (text: string) => {
        const parts = (rest + text).split('HTTP/1.1 200');
        answers += parts.length - 1;
        rest = (parts.at(-1) as string).slice(-12);
        if (answers === requests) resolve();
      });
    });
    socket.write(burst);
    await new Promise((resolve) => socket.once('data', resolve));
    const isHealthy = host.request('GET', '/v2/health/live').then((health) => ({ ...health, answers }));
    await isAnswered;
    const { status, answers: before } = await isHealthy;
    expect(status).toBe(200);
    expect(before).toBeLessThan(requests);
    socket.destroy();
  });
});
