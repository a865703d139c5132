/** Each reader of the event loop's lag sees all of it since its own last reading, whoever else reads. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLagReader } from '../../../src/telemetry/metrics/event-loop-lag';

const stallMs = 80;

function stall(): void {
  const until = performance.now() + stallMs;
  while (performance.now() < until);
}

const largest = (read: ReturnType<typeof createLagReader>) =>
  read().find(({ labels }) => labels?.stat === 'max')?.value ?? 0;

test('a stall is seen by every reader, once', async () => {
  const [scrapes, exports] = [createLagReader(), createLagReader()];
  expect([scrapes(), exports()]).toEqual([[], []]);
  // The monitor notes what lies between two ticks of its timer.
  for (let i = 0; i < 3; i++) {
    stall();
    await nextTurn();
  }
  const half = stallMs / 2_000;
  expect([largest(scrapes) > half, largest(exports) > half]).toEqual([true, true]);
  expect(largest(scrapes)).toBe(0);
});
