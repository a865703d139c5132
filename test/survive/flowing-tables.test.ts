/** Tables that are answered while they arrive: they may have any length, and are never taken for complete when they are not. */
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { readColumns } from '../../src/arrow/columns';
import { readStream } from '../../src/arrow/stream';
import { type Host, startHost } from '../hosts';
import { goodInstance, samples } from '../model-files';
import { readSample, untilSample } from '../scrape';
import { arrow, arrowBatch, csv, csvOf, endOfStream, hosts, openFlow, small } from './flowing';

const lines = { 'content-type': 'text/csv', accept: 'application/x-ndjson' };
const json = { 'content-type': 'text/csv' };
const labels = (rows: number) => Array.from({ length: rows }, (_, i) => samples[i % samples.length]?.prediction.label);

describe.each(hosts)('%s, %s', (kind, version) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind, { env: { ...small, CLIENT_TIMEOUT_MS: '2000' } });
    await host.request('GET', '/v2/health/ready');
  });
  afterAll(() => host.stop());
  // Whatever was sent, all that it held is given back.
  afterEach(async () => {
    await untilSample(host, (requests) => requests === 1, 'predict_requests_in_flight');
    // A request is over when its connection is; its part may still be in a run then.
    for (const held of ['predict_buffered_bytes', 'predict_queued_rows'])
      await untilSample(host, (sum) => sum === 0, held);
    expect((await host.post('/predict', { instances: [goodInstance] })).status).toBe(200);
  });

  const open = (headers: Readonly<Record<string, string>>) => openFlow(host.port, headers, version);

  /** Sends a whole table, and gives back its answer. */
  async function sendAll(headers: Readonly<Record<string, string>>, pieces: Iterable<Buffer | string>) {
    const { send, end, answer } = open(headers);
    void (async () => {
      for (const piece of pieces) await send(piece);
      end();
    })();
    return answer;
  }

  const rowsOf = (body: Buffer) => body.toString().trimEnd().split('\n');
  const many = 30_000;

  test.each([
    ['CSV', csv, (body: Buffer) => rowsOf(body).map((line) => line.split(',')[0])],
    ['lines', lines, (body: Buffer) => rowsOf(body).map((line) => JSON.parse(line).label)],
    [
      'JSON',
      json,
      (body: Buffer) => JSON.parse(body.toString()).predictions.map(({ label }: { label: string }) => label),
    ],
  ])('answers more rows than a request may have, as %s', async (_, headers, read) => {
    const { status, isComplete, body } = await sendAll(headers, [csvOf(many)]);
    expect([status, isComplete]).toEqual([200, true]);
    expect(read(body)).toEqual(labels(many));
  });

  test('answers an Arrow stream, batch by batch', async () => {
    const [first, next] = [arrowBatch(2_000, true), arrowBatch(2_000, false)];
    const { isComplete, body } = await sendAll(arrow, [first, next, next, endOfStream]);
    const { fields, batches } = readStream(body);
    expect([isComplete, batches.map(({ rows }) => rows)]).toEqual([true, [2_000, 2_000, 2_000]]);
    const place = fields.findIndex(({ name }) => name === 'label');
    const read = batches.flatMap((batch) => {
      const column = readColumns(fields, batch)[place];
      return Array.from({ length: batch.rows }, (_, row) => column?.at(row));
    });
    const expected = labels(2_000);
    expect(read).toEqual([...expected, ...expected, ...expected]);
  });

  test('answers rows while others are still to come', async () => {
    const { send, until, end, answer } = open(lines);
    let bytes = 0;
    for (let i = 0; i < 3; i++) {
      await send(csvOf(samples.length));
      // The next ones are sent when these have been answered.
      bytes = await until(bytes + 1);
    }
    end();
    expect(rowsOf((await answer).body)).toHaveLength(3 * samples.length);
  });

  test('takes what is compressed', async () => {
    const { isComplete, body } = await sendAll({ ...csv, 'content-encoding': 'gzip' }, [gzipSync(csvOf(many))]);
    expect([isComplete, rowsOf(body).length]).toEqual([true, many]);
  });

  const x = goodInstance.map(() => 'x').join(',');

  test.each([
    ['a wrong cell', csv, [`${csvOf(3)}${x}\n`], 422, '/3/0'],
    ['no rows', csv, ['\n'], 422, ''],
    ['a row without end', csv, [`"${'1'.repeat(300_000)}`], 413, undefined],
    ['no Arrow', arrow, ['{"instances":[[1]]}'], 400, undefined],
    ['half a batch', arrow, [arrowBatch(2_000, true).subarray(0, 9_000)], 400, undefined],
    ['a batch of too many bytes', arrow, [arrowBatch(9_000, true)], 413, undefined],
    ['bytes that are no gzip', { ...csv, 'content-encoding': 'gzip' }, [csvOf(3)], 400, undefined],
  ] as const)('refuses %s with the status of the first rows', async (_, headers, pieces, status, pointer) => {
    const answer = await sendAll(headers, pieces);
    expect([answer.status, answer.isComplete]).toEqual([status, true]);
    const problem = JSON.parse(answer.body.toString());
    expect([problem.status, problem.errors?.[0]?.pointer]).toEqual([status, pointer]);
  });

  test('refuses the first rows before the last ones have come', async () => {
    const { send, answer } = open(csv);
    await send(`${x}\n`);
    expect(await answer).toMatchObject({ status: 422, isComplete: true });
  });

  // Some are answered first: the status is that of the good rows.
  async function sendThen(headers: Readonly<Record<string, string>>, good: Buffer | string, last: Buffer | string) {
    const { send, until, end, answer } = open(headers);
    await send(good);
    await until(1);
    end(last);
    return answer;
  }

  test.each([
    ['CSV', csv, csvOf(100), `${x}\n`],
    ['JSON', json, csvOf(100), `${x}\n`],
    ['Arrow', arrow, arrowBatch(100, true), arrowBatch(100, false).subarray(0, 900)],
  ])('tells who reads %s that it is not complete, by its end', async (_, headers, good, last) => {
    const { status, isComplete, body } = await sendThen(headers, good, last);
    expect([status, isComplete, body.length > 1]).toEqual([200, false, true]);
  });

  test('tells who reads lines why they are not complete, by the last one', async () => {
    const { status, isComplete, body } = await sendThen(lines, csvOf(100), `${csvOf(7)}${x}\n`);
    expect([status, isComplete]).toEqual([200, false]);
    const read = rowsOf(body).map((line) => JSON.parse(line));
    const { status: ended, errors } = read.at(-1);
    expect([ended, errors[0].pointer]).toEqual([422, '/107/0']);
    expect(read.slice(0, -1).map(({ label }) => label)).toEqual(labels(100));
    expect(await readSample(host, 'predict_problems_total', { type: 'invalid-input' })).toBeGreaterThan(0);
  });

  test('cuts off who sends half a row, before and after others have been answered', async () => {
    const before = open(csv);
    await before.send('5.1,');
    const after = open(csv);
    await after.send(`${csvOf(3)}5.1,`);
    expect(await before.answer).toMatchObject({ status: 408, isComplete: true });
    expect(await after.answer).toMatchObject({ status: 200, isComplete: false });
  });

  test('cuts off who sends a row drop by drop, and not who sends rows slowly', async () => {
    const dripping = open(csv);
    const slow = open(csv);
    let isOver = false;
    void dripping.answer.then(() => {
      isOver = true;
    });
    let sent = 0;
    while (!isOver) {
      await Promise.all([dripping.send('1'), slow.send(csvOf(1))]);
      sent++;
      await delay(50);
    }
    slow.end();
    expect(await dripping.answer).toMatchObject({ status: 408 });
    const { isComplete, body } = await slow.answer;
    expect([isComplete, rowsOf(body).length]).toEqual([true, sent]);
  });

  test('gives back what callers held who leave', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { send, until, cut, answer } = open(i % 2 === 0 ? lines : arrow);
        await send(i % 2 === 0 ? `${csvOf(1_000)}5.1` : arrowBatch(1_000, true).subarray(0, -5));
        if (i % 4 === 0) await until(1);
        cut();
        await answer;
      }),
    );
  });
});
