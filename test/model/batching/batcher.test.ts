/** Rows that arrive together run together, and no caller holds up, starves or fails another. */
import type { Tensors } from '../../../src/model/tensors/tensors';
import { createCaller, createDoubler, nextTurn, untilIdle } from './callers';

describe('joining', () => {
  test('rows of one turn of the event loop run together', async () => {
    const { submit, runs } = createDoubler();
    const callers = [createCaller(1), createCaller(3), createCaller(2)];
    for (const { job } of callers) submit(job);
    await Promise.all(callers.map(({ ended }) => ended));
    expect(runs).toStrictEqual([6]);
    for (const { received, expected } of callers) expect(received).toStrictEqual(expected);
  });

  test('rows that arrive during a run make up the next one', async () => {
    const { submit, runs } = createDoubler({ turnsPerRun: 3 });
    const [first, second, third] = [createCaller(1), createCaller(2), createCaller(4)];
    submit(first.job);
    await nextTurn();
    submit(second.job);
    await nextTurn();
    submit(third.job);
    await Promise.all([first.ended, second.ended, third.ended]);
    expect(runs).toStrictEqual([1, 6]);
  });

  test('a caller on its own is served in the next turn', async () => {
    const { submit } = createDoubler();
    const caller = createCaller(1);
    submit(caller.job);
    await nextTurn();
    await caller.ended;
    expect(caller.received).toStrictEqual(caller.expected);
  });

  test('a run never has more rows than maxBatchRows', async () => {
    const { submit, runs } = createDoubler({ maxBatchRows: 4 });
    const callers = [createCaller(3), createCaller(6), createCaller(2)];
    for (const { job } of callers) submit(job);
    await Promise.all(callers.map(({ ended }) => ended));
    expect(Math.max(...runs)).toBe(4);
    expect(runs.reduce((sum, rows) => sum + rows)).toBe(11);
    for (const { received, expected } of callers) expect(received).toStrictEqual(expected);
  });
});

describe('a job of 100 000 rows', () => {
  const limits = { maxBatchRows: 1024 };

  test('gives the event loop back between its runs', async () => {
    const { submit, runs } = createDoubler(limits);
    const long = createCaller(100_000);
    const runsSeen = new Set<number>();
    let isOver = false;
    const look = () => {
      runsSeen.add(runs.length);
      if (!isOver) setImmediate(look);
    };
    submit(long.job);
    look();
    await long.ended;
    isOver = true;
    expect(runs).toHaveLength(98);
    expect(runsSeen.size).toBeGreaterThanOrEqual(98);
    expect(long.received).toStrictEqual(long.expected);
  });

  test('does not hold up a short job that comes after it', async () => {
    const { submit, runs } = createDoubler(limits);
    const long = createCaller(100_000);
    const short = createCaller(3);
    submit(long.job);
    submit(short.job);
    await short.ended;
    expect(runs.length).toBeLessThanOrEqual(2);
    expect(long.endings).toStrictEqual([]);
    expect(short.received).toStrictEqual(short.expected);
    await long.ended;
  });
});

describe('a caller that has gone', () => {
  test('before its run takes no place in it', async () => {
    const { submit, runs, queuedRows } = createDoubler();
    const [gone, other] = [createCaller(5), createCaller(2)];
    submit(gone.job);
    submit(other.job);
    gone.leave();
    await other.ended;
    expect(runs).toStrictEqual([2]);
    expect(gone.received).toStrictEqual([]);
    expect(gone.endings).toMatchObject([{ type: 'caller-gone' }]);
    expect(queuedRows()).toBe(0);
  });

  test('leaves no work when nobody else waits, and the next caller is served', async () => {
    const { submit, runs, queuedRows } = createDoubler();
    const [gone, next] = [createCaller(5), createCaller(1)];
    submit(gone.job);
    gone.leave();
    await untilIdle({ queuedRows });
    expect(runs).toStrictEqual([]);
    submit(next.job);
    await next.ended;
    expect(next.received).toStrictEqual(next.expected);
  });

  test('between two runs of its job gets no third', async () => {
    const { submit, runs, queuedRows } = createDoubler({ maxBatchRows: 10 });
    const gone = createCaller(1000);
    submit(gone.job);
    while (runs.length < 2) await nextTurn();
    gone.leave();
    await untilIdle({ queuedRows });
    expect(runs.length).toBeLessThanOrEqual(3);
    expect(queuedRows()).toBe(0);
  });

  test('while its run goes on is counted out once', async () => {
    const { submit, queuedRows } = createDoubler({ turnsPerRun: 2 });
    const gone = createCaller(1);
    submit(gone.job);
    await nextTurn();
    gone.leave();
    await untilIdle({ queuedRows });
    expect(gone.endings).toHaveLength(1);
    expect(queuedRows()).toBe(0);
  });
});

test('a run gets every tensor of the signature', async () => {
  const shapes: number[][] = [];
  const check = ({ data }: Tensors) => shapes.push(data.map(({ length }) => length));
  const { submit } = createDoubler({ check: (inputs) => void check(inputs) });
  const caller = createCaller(3);
  submit(caller.job);
  await caller.ended;
  expect(shapes).toStrictEqual([[6, 3]]);
});
