/** Whoever comes, leaves or sends poison, and whenever: each caller gets exactly its own rows, in order. */
import fc from 'fast-check';
import type { Tensors } from '../../src/model/tensors';
import { Problem } from '../../src/problem';
import { type BatcherSettings, type Caller, createCaller, createDoubler, nextTurn, untilIdle } from './callers';

interface Visit {
  readonly rows: number;
  readonly arrivesIn: number;
  /** Turns after which the caller leaves; none stays. */
  readonly leavesAfter: number | null;
  /** Whether the model fails on one of the rows. */
  readonly isPoisoned: boolean;
  readonly acceptThrows: boolean;
  readonly endThrows: boolean;
}

interface Visitor extends Visit {
  readonly caller: Caller;
  readonly poison: string | undefined;
  isRefused: boolean;
}

const turns = 8;
const rarely = fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0);

const visit: fc.Arbitrary<Visit> = fc.record({
  rows: fc.integer({ min: 1, max: 50 }),
  arrivesIn: fc.nat(turns - 1),
  leavesAfter: fc.option(fc.nat(4), { freq: 3 }),
  isPoisoned: rarely,
  acceptThrows: rarely,
  endThrows: rarely,
});

const scene = fc.record({
  visits: fc.array(visit, { minLength: 1, maxLength: 24 }),
  maxBatchRows: fc.integer({ min: 1, max: 70 }),
  maxQueuedRows: fc.integer({ min: 20, max: 600 }),
  // With more than one at a time, a run may end before those that began earlier.
  turnsPerRun: fc.oneof(fc.nat(3), fc.array(fc.nat(6), { maxLength: 40 })),
  parallelRuns: fc.integer({ min: 1, max: 3 }),
  paces: fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 }),
});

const stumble = new Error('The model stumbles.');
const cannotAccept = new Error('The rows cannot be written.');

function createVisitor(visited: Visit): Visitor {
  const accept = () => {
    if (visited.acceptThrows) throw cannotAccept;
  };
  const end = () => {
    if (visited.endThrows) throw new Error('The answer cannot be written.');
  };
  const caller = createCaller(visited.rows, { accept, end });
  const texts = caller.job.rows.data[1] as readonly string[];
  const poison = visited.isPoisoned ? texts[visited.rows >> 1] : undefined;
  return { ...visited, caller, poison, isRefused: false };
}

type Settings = Omit<BatcherSettings, 'check' | 'rowsPerRun'> & { readonly paces: readonly number[] };

/** Lets everybody come and leave in their turns, and waits until all is done. */
async function play(visitors: readonly Visitor[], settings: Settings) {
  const poisons = new Set(visitors.map(({ poison }) => poison));
  const check = ({ data }: Tensors) => {
    if ((data[1] as string[]).some((text) => poisons.has(text))) throw stumble;
  };
  const { paces, ...limits } = settings;
  let asked = 0;
  const rowsPerRun = () => paces[asked++ % paces.length] as number;
  const batcher = createDoubler({ ...limits, rowsPerRun, check });
  for (let turn = 0; turn < turns + 4; turn++) {
    for (const visitor of visitors) {
      if (visitor.arrivesIn === turn) visitor.isRefused = isRefused(() => batcher.submit(visitor.caller.job));
      if (visitor.leavesAfter !== null && visitor.arrivesIn + visitor.leavesAfter === turn) visitor.caller.leave();
    }
    await nextTurn();
  }
  await untilIdle(batcher);
  return batcher;
}

const isGone = (ending: unknown) => ending instanceof Problem && ending.type === 'caller-gone';

function isRefused(submit: () => void): boolean {
  try {
    submit();
    return false;
  } catch (refusal) {
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ type: 'overloaded' });
    return true;
  }
}

function expectRightEnding({ caller, isRefused: wasRefused, leavesAfter, poison, acceptThrows }: Visitor): void {
  const { received, expected, endings } = caller;
  expect(received).toStrictEqual(expected.slice(0, received.length));
  if (wasRefused) {
    expect(received).toStrictEqual([]);
    expect(endings).toStrictEqual([]);
    return;
  }
  expect(endings).toHaveLength(1);
  // Who has left may have gone before its rows ran, or after.
  if (leavesAfter !== null && isGone(endings[0])) return;
  if (poison === undefined && !acceptThrows) {
    expect(endings).toStrictEqual([undefined]);
    expect(received).toStrictEqual(expected);
    return;
  }
  const causes = [...(poison === undefined ? [] : [stumble]), ...(acceptThrows ? [cannotAccept] : [])];
  expect(causes).toContain(endings[0]);
}

test('every caller gets its own rows or its own failure, and nothing stays queued', async () => {
  const property = fc.asyncProperty(scene, async ({ visits, ...settings }) => {
    const visitors = visits.map(createVisitor);
    const { runs, queuedRows } = await play(visitors, settings);
    for (const visitor of visitors) expectRightEnding(visitor);
    expect(Math.max(0, ...runs)).toBeLessThanOrEqual(settings.maxBatchRows);
    expect(queuedRows()).toBe(0);
  });
  await fc.assert(property, { numRuns: 300 });
});

test('without poison no row runs twice', async () => {
  const property = fc.asyncProperty(scene, async ({ visits, ...settings }) => {
    const visitors = visits.map((each) =>
      createVisitor({ ...each, isPoisoned: false, acceptThrows: false, leavesAfter: null }),
    );
    const { runs } = await play(visitors, settings);
    const taken = visitors.filter((visitor) => !visitor.isRefused);
    expect(runs.reduce((sum, rows) => sum + rows, 0)).toBe(taken.reduce((sum, { rows }) => sum + rows, 0));
  });
  await fc.assert(property, { numRuns: 100 });
});
