/** Tables that are longer than memory: in memory of one size, finished at a signal, and beside others. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readStream } from '../../src/arrow/stream';
import { type Host, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { untilSample } from '../scrape';
import { arrow, arrowBatch, csv, csvOf, endOfStream, hosts, openFlow, small } from './flowing';

const bytesPerMb = 1024 * 1024;

const memory = ({ pid }: Host, name: 'VmHWM' | 'VmRSS') =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

describe.each(hosts)('%s, %s, and a long table', (kind, version) => {
  let host: Host;
  beforeEach(async () => {
    host = await startHost(kind, { env: { ...small, NODE_OPTIONS: '--max-semi-space-size=4' } });
    await host.request('GET', '/v2/health/ready');
  });
  afterEach(() => host.stop());
  const [first, next] = [arrowBatch(4_096, true), arrowBatch(4_096, false)];

  async function flow(batches: number) {
    const { send, end, answer } = openFlow(host.port, arrow, version);
    await send(first);
    for (let i = 1; i < batches; i++) await send(next);
    end(endOfStream);
    return answer;
  }

  test('takes no more memory for a million rows than for a tenth of them', async () => {
    expect((await flow(25)).isComplete).toBe(true);
    const before = memory(host, 'VmHWM');
    const { isComplete, body } = await flow(250);
    const more = memory(host, 'VmHWM') - before;
    expect(isComplete).toBe(true);
    expect(readStream(body).batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(250 * 4_096);
    // The table has 32 MB, and so has its answer.
    expect(more).toBeLessThan(16 * bytesPerMb);
  });

  test('is read no further while its answer is not, and given up in the end', async () => {
    await host.stop();
    host = await startHost(kind, { env: { ...small, CLIENT_TIMEOUT_MS: '1500' } });
    await host.request('GET', '/v2/health/ready');
    const deaf = openFlow(host.port, arrow, version, true);
    let sent = 0;
    let isOver = false;
    const sending = (async () => {
      await deaf.send(first);
      for (; !isOver; sent += next.length) await deaf.send(next);
    })();
    expect(await deaf.answer).toMatchObject({ isComplete: false });
    isOver = true;
    await Promise.race([sending, delay(100)]);
    expect(sent).toBeLessThan(64 * bytesPerMb);
    expect(memory(host, 'VmRSS')).toBeLessThan(250 * bytesPerMb);
    await untilSample(host, (bytes) => bytes === 0, 'predict_buffered_bytes');
  });

  test('is finished at a signal, if it comes to its end', async () => {
    const { send, until, end, answer } = openFlow(host.port, arrow, version);
    await send(first);
    await until(1);
    host.kill('SIGTERM');
    await delay(300);
    await send(next);
    end(endOfStream);
    const { isComplete, body } = await answer;
    expect([isComplete, readStream(body).batches.length]).toEqual([true, 2]);
    expect(await host.exitCode).toBe(0);
  });

  test('lets others have their turn: a row waits for a small part of the time that four tables take', async () => {
    const started = performance.now();
    let isOver = false;
    const tables = Promise.all([flow(50), flow(50), flow(50), flow(50)]).then((answers) => {
      isOver = true;
      return answers;
    });
    const waits: number[] = [];
    while (!isOver) {
      const asked = performance.now();
      await host.post('/predict', { instances: [goodInstance] });
      waits.push(performance.now() - asked);
    }
    expect((await tables).every((each) => each.isComplete)).toBe(true);
    expect(waits.length).toBeGreaterThan(10);
    expect(Math.max(...waits)).toBeLessThan((performance.now() - started) / 3);
  });
});

test('A table that the middleware of functions-framework hands over is read whole, within the limits', async () => {
  const host = await startHost('functions-framework without takeover', { env: small });
  const flow = (rows: number) => {
    const { end, answer } = openFlow(host.port, csv);
    end(csvOf(rows));
    return answer;
  };
  expect(await flow(1_000)).toMatchObject({ status: 200, isComplete: true });
  expect(await flow(30_000)).toMatchObject({ status: 413, isComplete: true });
  await host.stop();
});
