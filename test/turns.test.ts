/** Long work in turns: short work costs no turn, long work leaves turns to others, and work that nobody waits for ends. */
import { finish, inTurns, nextTurn, type Work } from '../src/turns';

/** Work of so many steps that keeps the thread busy until its turn must be over. */
function* longWork(steps: number, log: (step: number) => void = () => undefined): Work<number> {
  for (let step = 0; step < steps; step++) {
    log(step);
    const until = performance.now() + 5;
    while (performance.now() < until);
    yield;
  }
  return steps;
}

// biome-ignore lint/correctness/useYield: work that never yields is what this is about
function* shortWork(): Work<string> {
  return 'done';
}

test('short work is done at once', () => {
  expect(inTurns(shortWork())).toBe('done');
});

test('long work comes to the same value in turns and without a break', async () => {
  expect(await inTurns(longWork(4))).toBe(4);
  expect(finish(longWork(4))).toBe(4);
});

test('others have turns while long work is done', async () => {
  let isOver = false;
  let turns = 0;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await inTurns(longWork(6));
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(4);
});

test('many long works share the turns that one would have', async () => {
  const order: string[] = [];
  let isOver = false;
  const others = () => {
    order.push('others');
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  const works = ['a', 'b', 'c'].map((name) => inTurns(longWork(3, () => order.push(name))));
  await Promise.all(works);
  isOver = true;
  // Each begins when it comes; from then on never two of them go on between two turns of the others.
  const later = order.slice(order.indexOf('others')).join(' ');
  expect(later).not.toMatch(/[abc] [abc] [abc]/);
});

test('what work throws is thrown, whenever it does', async () => {
  function* failing(steps: number): Work<void> {
    yield* longWork(steps);
    throw new RangeError('no');
  }
  expect(() => inTurns(failing(0))).toThrow(RangeError);
  await expect(inTurns(failing(3))).rejects.toThrow(RangeError);
});

test('work that nobody waits for ends, and gives back what it holds', async () => {
  let steps = 0;
  let isHeld = false;
  function* holding(): Work<void> {
    isHeld = true;
    try {
      yield* longWork(1000, () => steps++);
    } finally {
      isHeld = false;
    }
  }
  await expect(inTurns(holding(), () => steps > 2)).rejects.toMatchObject({ type: 'caller-gone' });
  expect(steps).toBeLessThan(10);
  expect(isHeld).toBe(false);
});

test('turns are given in the order in which they were asked for, one an iteration of the event loop', async () => {
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((number) => nextTurn().then(() => order.push(number))));
  expect(order).toEqual([1, 2, 3]);
});
