/** What fails in the batcher fails for the caller whose rows or functions it was, and for nobody else. */
import type { Tensors } from '../../../src/model/tensors/tensors';
import { Problem } from '../../../src/problem';
import { type Caller, createCaller, createDoubler, nextTurn, untilIdle } from './callers';

const stumble = new Error('The model stumbles over these rows.');

/** A model that fails for every run with a row of one of these callers. */
function failOn(...poisoned: readonly Caller[]) {
  const texts = new Set(poisoned.flatMap(({ job }) => job.rows.data[1] as string[]));
  return ({ data }: Tensors) => {
    if ((data[1] as string[]).some((text) => texts.has(text))) throw stumble;
  };
}

function expectServed({ received, expected, endings }: Caller): void {
  expect(received).toStrictEqual(expected);
  expect(endings).toStrictEqual([undefined]);
}

test('rows that the model stumbles over fail their caller and not those who joined it', async () => {
  const [before, poisoned, after] = [createCaller(2), createCaller(3), createCaller(4)];
  const { submit, queuedRows } = createDoubler({ check: failOn(poisoned) });
  for (const { job } of [before, poisoned, after]) submit(job);
  await untilIdle({ queuedRows });
  expectServed(before);
  expectServed(after);
  expect(poisoned.endings).toStrictEqual([stumble]);
  expect(poisoned.received).toStrictEqual([]);
  expect(queuedRows()).toBe(0);
});

test('the batcher goes on after a run that failed', async () => {
  const [poisoned, next] = [createCaller(1), createCaller(1)];
  const { submit } = createDoubler({ check: failOn(poisoned) });
  submit(poisoned.job);
  expect(await poisoned.ended).toBe(stumble);
  submit(next.job);
  await next.ended;
  expectServed(next);
});

test('a job whose second run fails ends there, once', async () => {
  const long = createCaller(10);
  let runs = 0;
  const check = () => {
    if (++runs === 2) throw stumble;
  };
  const { submit, queuedRows } = createDoubler({ maxBatchRows: 4, check });
  submit(long.job);
  await untilIdle({ queuedRows });
  expect(long.endings).toStrictEqual([stumble]);
  expect(long.received).toStrictEqual(long.expected.slice(0, 4));
  expect(runs).toBe(2);
  expect(queuedRows()).toBe(0);
});

test('a problem of the whole model is told to all without trying each alone', async () => {
  const unavailable = new Problem('model-unavailable', 'The model could not be loaded.');
  const callers = [createCaller(1), createCaller(2)];
  const check = () => {
    throw unavailable;
  };
  const { submit, runs, queuedRows } = createDoubler({ check });
  for (const { job } of callers) submit(job);
  await untilIdle({ queuedRows });
  expect(callers.map(({ endings }) => endings)).toStrictEqual([[unavailable], [unavailable]]);
  expect(runs).toStrictEqual([3]);
  expect(queuedRows()).toBe(0);
});

test('an accept() that throws fails its caller only', async () => {
  const wrong = new Error('The label is not one of the card.');
  const accept = () => {
    throw wrong;
  };
  const [before, broken, after] = [createCaller(2), createCaller(9, { accept }), createCaller(2)];
  const { submit, queuedRows } = createDoubler({ maxBatchRows: 8 });
  for (const { job } of [before, broken, after]) submit(job);
  await untilIdle({ queuedRows });
  expectServed(before);
  expectServed(after);
  expect(broken.endings).toStrictEqual([wrong]);
  expect(queuedRows()).toBe(0);
});

test('an end() that throws is told of, and costs nobody else an answer', async () => {
  const unwritable = new Error('The answer could not be written.');
  const end = () => {
    throw unwritable;
  };
  const [before, broken, after] = [createCaller(2), createCaller(1, { end }), createCaller(2)];
  const { submit, queuedRows, faults } = createDoubler();
  for (const { job } of [before, broken, after]) submit(job);
  await untilIdle({ queuedRows }, 100);
  expectServed(before);
  expectServed(after);
  expect(broken.endings).toStrictEqual([undefined]);
  expect(faults).toStrictEqual([unwritable]);
  expect(queuedRows()).toBe(0);
});

test('an isGone() that throws fails its caller only', async () => {
  const unknown = new Error('The connection is in no known state.');
  const isGone = () => {
    throw unknown;
  };
  const [before, broken, after] = [createCaller(2), createCaller(1, { isGone }), createCaller(2)];
  const { submit, runs, queuedRows } = createDoubler();
  for (const { job } of [before, broken, after]) submit(job);
  await untilIdle({ queuedRows }, 100);
  expectServed(before);
  expectServed(after);
  expect([broken.received, broken.endings, runs]).toStrictEqual([[], [unknown], [4]]);
});

test('an observer that throws is told of, and costs nobody an answer, even where each caller is tried alone', async () => {
  const [before, poisoned, after, next] = [createCaller(2), createCaller(3), createCaller(4), createCaller(1)];
  const miscounted = new Error('The run could not be counted.');
  const ran = () => {
    throw miscounted;
  };
  const { submit, queuedRows, faults } = createDoubler({ check: failOn(poisoned), ran });
  for (const { job } of [before, poisoned, after]) submit(job);
  await untilIdle({ queuedRows }, 100);
  submit(next.job);
  await untilIdle({ queuedRows }, 100);
  for (const caller of [before, after, next]) expectServed(caller);
  expect(poisoned.endings).toStrictEqual([stumble]);
  expect(faults).toStrictEqual([miscounted, miscounted, miscounted]);
});

test('whatever is thrown ends a job with an error, so that none counts as served without its rows', async () => {
  const nothing = () => {
    // biome-ignore lint/style/useThrowOnlyError: whatever a library throws arrives here.
    throw undefined;
  };
  const [refusing, failing] = [createCaller(1, { accept: nothing }), createCaller(1)];
  await untilIdle(submitTo(createDoubler(), refusing));
  await untilIdle(submitTo(createDoubler({ check: nothing }), failing));
  for (const { endings } of [refusing, failing]) expect(endings).toStrictEqual([expect.any(Error)]);
});

function submitTo(batcher: ReturnType<typeof createDoubler>, { job }: Caller) {
  batcher.submit(job);
  return batcher;
}

test('trying each caller of a failed run alone gives the event loop back in between', async () => {
  const callers = Array.from({ length: 50 }, () => createCaller(1));
  const { submit, runs, queuedRows } = createDoubler({ check: failOn(...callers.slice(0, 1)) });
  for (const { job } of callers) submit(job);
  const runsSeen = new Set<number>();
  while (queuedRows() > 0) {
    runsSeen.add(runs.length);
    await nextTurn();
  }
  expect(runs).toHaveLength(51);
  expect(runsSeen.size).toBeGreaterThan(10);
});

test('rows whose time is over do not run, and their caller is told', async () => {
  const [first, late] = [createCaller(1), createCaller(2)];
  const spinMs = 30;
  const { submit, runs, queuedRows } = createDoubler({
    maxBatchRows: 1,
    requestTimeoutMs: 10,
    // A run holds the event loop, as the runtime's does.
    check() {
      const end = performance.now() + spinMs;
      while (performance.now() < end);
    },
  });
  submit(first.job);
  submit(late.job);
  const failure = await late.ended;
  expect(failure).toBeInstanceOf(Problem);
  expect(failure).toMatchObject({ type: 'deadline-exceeded', status: 503, retryAfterSeconds: 1 });
  expectServed(first);
  expect([late.received, runs.length, queuedRows()]).toEqual([[], 1, 0]);
});
