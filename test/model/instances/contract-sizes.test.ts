/** However large a request is, the event loop stays free for others, and what is refused is refused cheaply. */
import { Problem } from '../../../src/problem';
import { createMatrixCard, createReader } from '../cards';

const { contract, read, problem } = createReader(createMatrixCard(['a', 'b']));

/** Reads instances and counts the turns of the event loop that others had in the meantime. */
async function countTurns(instances: unknown): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await read(instances);
  isOver = true;
  return turns;
}

/** How often the reading of instances offers a pause. How many of them become turns depends on the machine's speed. */
function countPauses(instances: unknown): number {
  const work = contract.readInstances(instances, '/instances');
  let pauses = 0;
  while (work.next().done !== true) pauses++;
  return pauses;
}

const rows = (count: number) => Array.from({ length: count }, (_, i) => [i, -i]);

test('few rows are read without waiting for the event loop', async () => {
  expect(await countTurns(rows(1000))).toBe(0);
});

test('10 000 rows offer pauses, and 100 000 ten times as many', () => {
  const [some, many] = [countPauses(rows(10_000)), countPauses(rows(100_000))];
  expect(some).toBeGreaterThanOrEqual(2);
  expect(many).toBeGreaterThanOrEqual(8 * some);
});

test('a million rows leave turns to others', async () => {
  expect(await countTurns(rows(1_000_000))).toBeGreaterThanOrEqual(2);
});

test('rows of all turns are in the tensor', async () => {
  const outcome = await read(rows(10_000));
  expect(outcome).toMatchObject({ rows: 10_000 });
  const [values] = outcome instanceof Problem ? [] : outcome.data;
  expect([...(values ?? [])]).toStrictEqual(rows(10_000).flat());
});

test('a single fault in the last of 100 000 rows is found', async () => {
  const { errors } = await problem([...rows(99_999), [1, null]]);
  expect(errors).toStrictEqual([{ pointer: '/instances/99999/1', detail: 'b: expected a number, got null' }]);
});

test('20 faults at the start end the reading', async () => {
  const refused = Array.from({ length: 100_000 }, () => [1]);
  expect(await countTurns(refused)).toBe(0);
});

test('an object of 1 000 000 unknown members costs little more than listing their names, and one fault', async () => {
  const members = Array.from({ length: 1_000_000 }, (_, i) => [`k${i}`, i] as const);
  const giant = Object.fromEntries(members);
  const listing = cpuMsSince(process.cpuUsage(), () => Object.keys(giant));
  const start = process.cpuUsage();
  const { errors, message } = await problem([giant]);
  const took = cpuMsSince(start);
  expect(errors).toHaveLength(1);
  expect(message).toMatch(/got an object of 1000000 members/);
  // The validator would keep a record of each member, which takes many times as long.
  expect(took).toBeLessThan(20 * listing);
});

test('a name of 1 000 000 characters is shortened in the fault and its pointer', async () => {
  const { errors } = await problem([{ a: 1, b: 2, ['x'.repeat(1_000_000)]: 3 }]);
  expect(errors).toHaveLength(1);
  expect(JSON.stringify(errors).length).toBeLessThan(400);
});

/** Time that this process has worked, however long the machine let it wait. */
function cpuMsSince(start: NodeJS.CpuUsage, work: () => unknown = () => undefined): number {
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
