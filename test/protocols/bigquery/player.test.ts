/** A query of BigQuery gets every value, in order, from an instance that is too small for it and from one that ends half-way. */
import { type Host, startHost } from '../../hosts';
import { isCloseTo, type Prediction, samples } from '../../model-files';
import { playQuery } from './player';

const rowCount = 20_000;
const rows = Array.from({ length: rowCount }, (_, i) =>
  // Now and then a value is NULL.
  i % 97 === 0
    ? [null, ...(samples[i % samples.length]?.instance ?? []).slice(1)]
    : (samples[i % samples.length]?.instance ?? []),
);

function expectValues(values: readonly unknown[]): void {
  expect(values).toHaveLength(rowCount);
  const wrong = values.filter((value, i) => {
    if (i % 97 === 0) return value !== null;
    return !isCloseTo(value as Prediction, (samples[i % samples.length] as (typeof samples)[number]).prediction);
  });
  expect(wrong).toEqual([]);
}

describe.each(['functions-framework', 'server.ts'] as const)('a query on %s', (kind) => {
  it('is sent again where the instance has no room, until every batch is answered', async () => {
    const host = await startHost(kind, { env: { MAX_QUEUED_ROWS: '1200', MAX_BATCH_ROWS: '400' } });
    await host.request('GET', '/v2/health/ready');
    const { values, attempts } = await playQuery(() => host, { rows, maxBatchingRows: 500 });
    expectValues(values);
    expect(attempts.get(429)).toBeGreaterThan(0);
    expect([...attempts.keys()].sort()).toEqual([200, 429]);
    await host.stop();
  });

  it('goes on with the next instance when one is told to end', async () => {
    const first = await startHost(kind);
    const second = await startHost(kind);
    await Promise.all([first, second].map((host) => host.request('GET', '/v2/health/ready')));
    let calls = 0;
    let serving: Host = first;
    const { values, attempts } = await playQuery(
      () => {
        // The platform stops sending to an instance some time after it has told it to end.
        if (++calls === 10) first.kill('SIGTERM');
        if (calls === 14) serving = second;
        return serving;
      },
      { rows, maxBatchingRows: 500 },
    );
    expectValues(values);
    expect([...attempts.keys()].filter((status) => status !== 200 && status !== 503 && status !== 0)).toEqual([]);
    expect(await first.exitCode).toBe(0);
    await second.stop();
  });

  it('fails at once, with the row, for what will not get better', async () => {
    const host = await startHost(kind);
    const wrong = rows.map((row, i) => (i === 700 ? ['wide', ...row.slice(1)] : row));
    await expect(playQuery(() => host, { rows: wrong, maxBatchingRows: 500 })).rejects.toThrow(
      /failed with 422: .*\/calls\/200\/0/,
    );
    await host.stop();
  });
});
