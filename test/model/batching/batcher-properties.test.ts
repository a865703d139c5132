/** Whoever comes, leaves or sends poison, and whenever: each caller gets exactly its own rows, in order. */
import fc from 'fast-check';
import type { Tensors } from '../../../src/model/tensors/tensors';
import { Problem } from '../../../src/problem';
import { type Caller, createCaller, createDoubler, nextTurn, untilIdle } from './callers';

interface Visit {
  readonly rows: number;
  readonly arrivesIn: number;
  /** Turns after which the caller leaves; none stays. */
  readonly leavesAfter: number | null;
  /** Whether the model fails on one of the rows. */
  readonly isPoisoned: boolean;
  readonly acceptThrows: boolean;
  readonly endThrows: boolean;
  readonly isGoneThrows: boolean;
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
  isGoneThrows: rarely,
});

const scene = fc.record({
  visits: fc.array(visit, { minLength: 1, maxLength: 24 }),
  maxBatchRows: fc.integer({ min: 1, max: 70 }),
  maxQueuedRows: fc.integer({ min: 20, max: 600 }),
  // With more than one at a time, a run may end before those that began earlier.
  turnsPerRun: fc.oneof(fc.nat(3), fc.array(fc.nat(6), { maxLength: 40 })),
  parallelRuns: fc.integer({ min: 1, max: 3 }),
  paces: fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 }),
  observerThrows: fc.boolean(),
  /** Of the runs in turn, those that fail before they take rows: with a problem of all callers, or for an unknown reason. */
  failures: fc.array(fc.constantFrom(undefined, undefined, undefined, 'problem', 'error'), { maxLength: 8 }),
  /** The turn after which all that wait are late. */
  clockJumpsAt: fc.option(fc.nat(turns), { freq: 2 }),
});

const stumble = new Error('The model stumbles.');
const cannotAccept = new Error('The rows cannot be written.');
const cannotTell = new Error('The connection is in no known state.');
const unavailable = new Problem('model-unavailable', 'The model could not be loaded.');
const broken = new Error('The runtime is broken.');
const requestTimeoutMs = 60_000;

function createVisitor(visited: Visit): Visitor {
  const accept = () => {
    if (visited.acceptThrows) throw cannotAccept;
  };
  const end = () => {
    if (visited.endThrows) throw new Error('The answer cannot be written.');
  };
  const isGone = () => {
    if (visited.isGoneThrows) throw cannotTell;
  };
  const caller = createCaller(visited.rows, { accept, end, isGone });
  const texts = caller.job.rows.data[1] as readonly string[];
  const poison = visited.isPoisoned ? texts[visited.rows >> 1] : undefined;
  return { ...visited, caller, poison, isRefused: false };
}

type Settings = typeof scene extends fc.Arbitrary<infer Scene> ? Omit<Scene, 'visits'> : never;

/** Lets everybody come and leave in their turns, and waits until all is done. */
async function play(visitors: readonly Visitor[], settings: Settings) {
  const { paces, observerThrows, failures, clockJumpsAt, ...limits } = settings;
  const poisons = new Set(visitors.map(({ poison }) => poison));
  const check = ({ data }: Tensors) => {
    if ((data[1] as string[]).some((text) => poisons.has(text))) throw stumble;
  };
  const begun = failures.values();
  const begin = () => {
    const failure = begun.next().value;
    if (failure !== undefined) throw failure === 'problem' ? unavailable : broken;
  };
  const ran = () => {
    if (observerThrows) throw new Error('The run cannot be counted.');
  };
  let asked = 0;
  const rowsPerRun = () => paces[asked++ % paces.length] as number;
  const batcher = createDoubler({ ...limits, requestTimeoutMs, rowsPerRun, check, begin, ran });
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  try {
    for (let turn = 0; turn < turns + 4; turn++) {
      for (const visitor of visitors) {
        if (visitor.arrivesIn === turn) visitor.isRefused = isRefused(() => batcher.submit(visitor.caller.job));
        if (visitor.leavesAfter !== null && visitor.arrivesIn + visitor.leavesAfter === turn) visitor.caller.leave();
      }
      if (turn === clockJumpsAt) clock.mockReturnValue(2 * requestTimeoutMs);
      await nextTurn();
    }
    await untilIdle(batcher);
  } finally {
    clock.mockRestore();
  }
  return batcher;
}

const isProblem = (ending: unknown, type: string) => ending instanceof Problem && ending.type === type;

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

/** What may end a visitor, each for a reason of its own or one of the scene. */
function possibleEndings(visitor: Visitor, { failures, clockJumpsAt }: Settings): readonly unknown[] {
  const { poison, acceptThrows, isGoneThrows } = visitor;
  return [
    ...(poison === undefined ? [] : [stumble]),
    ...(acceptThrows ? [cannotAccept] : []),
    ...(isGoneThrows ? [cannotTell] : []),
    ...(failures.includes('problem') ? [unavailable] : []),
    ...(failures.includes('error') ? [broken] : []),
    ...(clockJumpsAt === null ? [] : ['deadline-exceeded']),
    ...(visitor.leavesAfter === null ? [] : ['caller-gone']),
  ];
}

function expectRightEnding(visitor: Visitor, settings: Settings): void {
  const { received, expected, endings } = visitor.caller;
  expect(received).toStrictEqual(expected.slice(0, received.length));
  if (visitor.isRefused) {
    expect([received, endings]).toStrictEqual([[], []]);
    return;
  }
  expect(endings).toHaveLength(1);
  const [ending] = endings;
  if (ending === undefined) {
    expect([visitor.poison, visitor.acceptThrows, visitor.isGoneThrows]).toEqual([undefined, false, false]);
    expect(received).toStrictEqual(expected);
    return;
  }
  const possible = possibleEndings(visitor, settings);
  const isPossible = possible.some((each) => (typeof each === 'string' ? isProblem(ending, each) : each === ending));
  expect({ ending, possible, isPossible }).toMatchObject({ isPossible: true });
}

test('every caller gets its own rows or its own failure, and nothing stays queued', async () => {
  const property = fc.asyncProperty(scene, async ({ visits, ...settings }) => {
    const visitors = visits.map(createVisitor);
    const { runs, queuedRows } = await play(visitors, settings);
    for (const visitor of visitors) expectRightEnding(visitor, settings);
    expect(Math.max(0, ...runs)).toBeLessThanOrEqual(settings.maxBatchRows);
    expect(queuedRows()).toBe(0);
  });
  await fc.assert(property, { numRuns: 300 });
});

test('after whatever has failed there is room for everybody again, and runs begin', async () => {
  const property = fc.asyncProperty(scene, async ({ visits, ...settings }) => {
    const { submit, queuedRows } = await play(visits.map(createVisitor), {
      ...settings,
      failures: [],
      maxQueuedRows: 1,
    });
    const next = createCaller(settings.maxBatchRows);
    submit(next.job);
    await untilIdle({ queuedRows });
    expect([next.endings.length, queuedRows()]).toEqual([1, 0]);
  });
  await fc.assert(property, { numRuns: 100 });
});

test('without failures no row runs twice', async () => {
  const property = fc.asyncProperty(scene, async ({ visits, ...settings }) => {
    const harmless = { isPoisoned: false, acceptThrows: false, isGoneThrows: false, leavesAfter: null };
    const visitors = visits.map((each) => createVisitor({ ...each, ...harmless }));
    const { runs } = await play(visitors, { ...settings, failures: [], clockJumpsAt: null });
    const taken = visitors.filter((visitor) => !visitor.isRefused);
    expect(runs.reduce((sum, rows) => sum + rows, 0)).toBe(taken.reduce((sum, { rows }) => sum + rows, 0));
  });
  await fc.assert(property, { numRuns: 100 });
});
