/** Long jobs keep short ones neither out nor waiting, short ones do not starve long ones, and what waits has a bound. */
import fc from 'fast-check';
import { Problem } from '../../../src/problem';
import { type Caller, createCaller, createDoubler, nextTurn, untilIdle } from './callers';

type Doubler = ReturnType<typeof createDoubler>;

function isTaken({ submit }: Doubler, { job }: Caller): boolean {
  try {
    submit(job);
    return true;
  } catch (refusal) {
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ type: 'overloaded', retryAfterSeconds: 1 });
    return false;
  }
}

/** Callers that come again with so many rows once they are served, and try again when they are refused. */
function keepBusy(batcher: Doubler, count: number, rows: number) {
  const callers = Array.from({ length: count }, () => createCaller(rows));
  const taken = new Set<Caller>();
  let refusals = 0;
  let served = 0;

  /** The caller that takes the place of this one now. */
  function follow(last: Caller): Caller {
    const isServed = last.endings.length > 0;
    if (taken.has(last) && !isServed) return last;
    if (isServed) served++;
    const next = isServed ? createCaller(rows) : last;
    if (isTaken(batcher, next)) taken.add(next);
    else refusals++;
    return next;
  }

  function comeAgain(): void {
    for (const [i, caller] of callers.entries()) callers[i] = follow(caller);
  }
  return { comeAgain, served: () => served, refusals: () => refusals };
}

const crowd = fc.record({
  callers: fc.integer({ min: 1, max: 40 }),
  /** Rows of a long job, in runs. */
  runsOfJob: fc.double({ min: 0.3, max: 6, noNaN: true }),
  maxBatchRows: fc.constantFrom(16, 64, 128),
  /** What a slow model takes at a time. */
  rowsOfRun: fc.constantFrom(1, 2, 3, 8, 24, Number.POSITIVE_INFINITY),
  queuedRuns: fc.integer({ min: 2, max: 15 }),
  turnsPerRun: fc.nat(2),
});

test('a short job beside any number of long ones is taken, and runs in the next run or the one after', async () => {
  const property = fc.asyncProperty(crowd, async ({ callers, runsOfJob, rowsOfRun, queuedRuns, ...settings }) => {
    const run = Math.min(rowsOfRun, settings.maxBatchRows);
    // Callers with a row each must not fill the queue by their number.
    const maxQueuedRows = Math.max(callers + 2, queuedRuns * settings.maxBatchRows);
    const batcher = createDoubler({ ...settings, maxQueuedRows, rowsPerRun: () => rowsOfRun });
    const crowded = keepBusy(batcher, callers, Math.max(2, Math.ceil(runsOfJob * run)));
    for (let round = 0; round < 6; round++) {
      crowded.comeAgain();
      await nextTurn();
      const short = createCaller(1);
      expect(isTaken(batcher, short)).toBe(true);
      const runsBefore = batcher.runs.length;
      while (short.endings.length === 0) {
        crowded.comeAgain();
        await nextTurn();
      }
      expect(batcher.runs.length - runsBefore).toBeLessThanOrEqual(2);
      expect([short.received, short.endings]).toStrictEqual([short.expected, [undefined]]);
    }
    await untilIdle(batcher);
    expect(batcher.queuedRows()).toBe(0);
  });
  await fc.assert(property, { numRuns: 60 });
});

test.each([
  ['sixteen runs', 1_000],
  ['a run', 63],
])('32 callers with the rows of %s each lose some requests, and those with one or six rows none', async (_, rows) => {
  const batcher = createDoubler({ maxBatchRows: 64, maxQueuedRows: 940 });
  const long = keepBusy(batcher, 32, rows);
  const short = [keepBusy(batcher, 1, 1), keepBusy(batcher, 1, 6)];
  for (let turn = 0; turn < 400; turn++) {
    for (const { comeAgain } of [long, ...short]) comeAgain();
    await nextTurn();
  }
  expect(long.refusals()).toBeGreaterThan(0);
  expect(long.served()).toBeGreaterThan(0);
  for (const { refusals, served } of short) {
    expect(refusals()).toBe(0);
    expect(served()).toBeGreaterThan(100);
  }
});

test.each([1, 2, 256])(
  'with %i rows a run, a flood of short jobs leaves a long one an eighth of them',
  async (rows) => {
    const batcher = createDoubler({ maxBatchRows: rows, maxQueuedRows: 100_000 });
    const long = createCaller(4 * Math.max(rows, 2));
    batcher.submit(long.job);
    while (long.endings.length === 0) {
      for (let i = 0; i < 2 * rows; i++) batcher.submit(createCaller(1).job);
      await nextTurn();
    }
    const ran = batcher.runs.reduce((sum, each) => sum + each, 0);
    expect(long.received).toStrictEqual(long.expected);
    // The first rows of it wait for the first eighth of a run, which may be eight runs away.
    expect(ran).toBeLessThanOrEqual(8 * long.expected.length + 9 * rows);
    await untilIdle(batcher);
  },
);

test('a flood of short jobs is refused like any other', async () => {
  const batcher = createDoubler({ maxQueuedRows: 100 });
  const taken = Array.from({ length: 300 }, () => createCaller(1)).filter((caller) => isTaken(batcher, caller));
  expect(taken).toHaveLength(100);
  await untilIdle(batcher);
  expect(isTaken(batcher, createCaller(1))).toBe(true);
  await untilIdle(batcher);
});

test('the rows that wait have a bound, whatever the sizes of jobs', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 200 }),
    async (sizes) => {
      const [maxBatchRows, maxQueuedRows, largest] = [128, 500, 300];
      const batcher = createDoubler({ maxBatchRows, maxQueuedRows });
      for (const rows of sizes) isTaken(batcher, createCaller(rows));
      // Long jobs by their number; those of the two smaller sizes by their rows.
      const mostLong = Math.ceil(maxQueuedRows / 17) * largest;
      expect(batcher.queuedRows()).toBeLessThanOrEqual(mostLong + 2 * (maxQueuedRows + 16));
      await untilIdle(batcher);
      expect(batcher.queuedRows()).toBe(0);
    },
  );
  await fc.assert(property, { numRuns: 50 });
});
