/** The queue bounds the bytes of what waits, and has room again however a job ends. */
import { bytesInMemory } from '../../../src/model/tensors/memory';
import { Problem } from '../../../src/problem';
import { type Caller, type CallerFaults, createCaller, createDoubler } from './callers';

const bytesOf = ({ job }: Caller) => bytesInMemory(job.rows);

function isRefused(submit: (job: Caller['job']) => void, { job }: Caller): boolean {
  try {
    submit(job);
    return false;
  } catch (refusal) {
    expect(refusal).toMatchObject({ type: 'overloaded', status: 429, retryAfterSeconds: 1 });
    return true;
  }
}

describe('the limit of bytes', () => {
  test('refuses the job that would exceed it, says by what, and still takes a smaller one', async () => {
    const [first, large, small] = [createCaller(10), createCaller(5), createCaller(1)];
    const maxQueuedBytes = bytesOf(first) + bytesOf(small);
    const { submit } = createDoubler({ maxQueuedBytes });
    submit(first.job);
    expect(() => submit(large.job)).toThrow(
      new Problem(
        'overloaded',
        `${bytesOf(first)} bytes of rows are queued: no room for those of this request (limit ${maxQueuedBytes}). Retry in 1 s.`,
      ),
    );
    submit(small.job);
    await Promise.all([first.ended, small.ended]);
    expect([first.received, large.received, small.received]).toEqual([first.expected, [], small.expected]);
  });

  test('refuses rows before their tensors are made', async () => {
    const first = createCaller(10);
    const { submit, checkRoom } = createDoubler({ maxQueuedBytes: 2 * bytesOf(first) });
    checkRoom(1_000_000);
    submit(first.job);
    checkRoom(1);
    expect(() => checkRoom(1_000_000)).toThrow(Problem);
    await first.ended;
    checkRoom(1_000_000);
  });

  test('counts a long job whole until its last row has run', async () => {
    const [long, other] = [createCaller(20), createCaller(1)];
    const { submit, queuedRows } = createDoubler({ maxQueuedBytes: bytesOf(long), maxBatchRows: 4 });
    const refusals = new Map<number, boolean>();
    const { accept } = long.job;
    const probe: Caller['job'] = {
      ...long.job,
      accept(outputs, from, to) {
        accept(outputs, from, to);
        if (long.received.length < 20) refusals.set(queuedRows(), isRefused(submit, createCaller(1)));
      },
    };
    submit(probe);
    await long.ended;
    expect([...refusals.values()]).toEqual([true, true, true, true]);
    submit(other.job);
    await other.ended;
    expect(other.received).toEqual(other.expected);
  });

  const fail = () => {
    throw new Error('on purpose');
  };
  const endings: readonly [string, CallerFaults, (caller: Caller) => Caller['job']][] = [
    ['has its results', {}, ({ job }) => job],
    ['is gone', {}, ({ job }) => ({ ...job, isGone: () => true })],
    ['has waited too long', {}, ({ job }) => ({ ...job, expiresAt: performance.now() - 1 })],
    ['throws at its results', { accept: fail }, ({ job }) => job],
    ['throws at its end', { end: fail }, ({ job }) => job],
    ['throws when asked whether it is gone', { isGone: fail }, ({ job }) => job],
  ];
  test.each(endings)('has room again when a caller %s', async (_, faults, toJob) => {
    const [caller, next, third] = [createCaller(10, faults), createCaller(10), createCaller(10)];
    const { submit } = createDoubler({ maxQueuedBytes: bytesOf(caller), maxBatchRows: 3 });
    submit(toJob(caller));
    expect(isRefused(submit, next)).toBe(true);
    await caller.ended;
    // Two of them: only the first would find nothing queued if bytes were given back twice.
    expect([isRefused(submit, next), isRefused(submit, third)]).toEqual([false, true]);
    await next.ended;
    expect(next.received).toEqual(next.expected);
  });

  test('has room again when the model fails', async () => {
    const [caller, next] = [createCaller(10), createCaller(10)];
    let isBroken = true;
    const check = () => (isBroken ? fail() : undefined);
    const { submit } = createDoubler({ maxQueuedBytes: bytesOf(caller), check });
    submit(caller.job);
    await caller.ended;
    isBroken = false;
    expect([isRefused(submit, next), isRefused(submit, createCaller(10))]).toEqual([false, true]);
    await next.ended;
    expect([caller.received, next.received]).toEqual([[], next.expected]);
  });

  test('takes a job that exceeds it alone, and nothing beside that', async () => {
    const [large, next] = [createCaller(100), createCaller(1)];
    const { submit } = createDoubler({ maxQueuedBytes: 1 });
    submit(large.job);
    expect(isRefused(submit, next)).toBe(true);
    await large.ended;
    expect(large.received).toEqual(large.expected);
  });
});
