/** Hooks have a deadline, which is theirs and not that of a busy event loop. */
import { type Calls, callHooks } from '../../../src/model/hooks/call-hooks';
import { nextTurn } from '../../../src/turns';

function keepBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function createCalls(calls: readonly (() => unknown)[], seconds: number[] = []): Calls {
  return {
    name: 'before',
    count: calls.length,
    timeoutMs: 10,
    call: (index) => calls[index]?.(),
    pointerOf: (index) => `/instances/${index}`,
    isGone: () => false,
    ended: (each) => void seconds.push(each),
  };
}

describe('the calls of a hook', () => {
  const soon = () => new Promise((resolve) => setImmediate(resolve, 'soon'));
  const never = () => new Promise(() => undefined);

  test('are in time when their results waited for an event loop that others kept busy', async () => {
    // From here, timers are due before what `soon` waits for.
    await nextTurn();
    await expect(callHooks(createCalls([soon, () => keepBusy(50)]))).resolves.toEqual(['soon', undefined]);
  });

  test('end at their deadline when nothing comes, and their time is told', async () => {
    const seconds: number[] = [];
    await expect(callHooks(createCalls([never, () => 1], seconds))).rejects.toMatchObject({
      type: 'deadline-exceeded',
      message: 'Expected the hook "before" to answer within 10 ms, got nothing.',
    });
    expect(seconds).toHaveLength(2);
    expect(Math.max(...seconds)).toBeGreaterThan(0.009);
  });
});
