/** The queue takes jobs while those before them are few, and refuses at once when they are not. */
import { Problem } from '../../../src/problem';
import { type Caller, createCaller, createDoubler } from './callers';

describe('the queue', () => {
  const refuse = (submit: (job: Caller['job']) => void, { job }: Caller): unknown => {
    try {
      submit(job);
      return undefined;
    } catch (refusal) {
      return refusal;
    }
  };

  test('refuses a job that would wait for too many rows as overloaded, with a time to come back', async () => {
    const { submit, queuedRows } = createDoubler({ maxQueuedRows: 10 });
    const [first, fitting, tooMany] = [createCaller(8), createCaller(3), createCaller(1)];
    submit(first.job);
    submit(fitting.job);
    const refusal = refuse(submit, tooMany);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ type: 'overloaded', status: 429, retryAfterSeconds: 1 });
    expect((refusal as Problem).message).toMatch(/^11 rows .* \(limit 10\)\. Retry in 1 s\.$/);
    await Promise.all([first.ended, fitting.ended]);
    expect([first.received, tooMany.received, fitting.received]).toStrictEqual([first.expected, [], fitting.expected]);
    expect(tooMany.endings).toStrictEqual([]);
    expect(queuedRows()).toBe(0);
  });

  test('counts a long job with the rows that run before those of a job behind it', async () => {
    const { submit } = createDoubler({ maxQueuedRows: 10, maxBatchRows: 4 });
    const [long, short, tooMany] = [createCaller(1_000), createCaller(7), createCaller(2)];
    submit(long.job);
    submit(short.job);
    submit(createCaller(3).job);
    expect(refuse(submit, tooMany)).toMatchObject({ type: 'overloaded', message: expect.stringMatching(/^11 rows /) });
    await Promise.all([long.ended, short.ended]);
    submit(tooMany.job);
    await tooMany.ended;
    expect(tooMany.received).toStrictEqual(tooMany.expected);
  });

  test('has room again for what ran', async () => {
    const { submit } = createDoubler({ maxQueuedRows: 10, maxBatchRows: 4 });
    for (const caller of [createCaller(10), createCaller(10)]) {
      submit(caller.job);
      await caller.ended;
      expect(caller.received).toStrictEqual(caller.expected);
    }
  });

  test('does not run a job whose caller has stopped waiting, and tells it so', async () => {
    const { submit, queuedRows } = createDoubler();
    const [late, other] = [createCaller(2), createCaller(3)];
    submit({ ...late.job, expiresAt: performance.now() - 1 });
    submit({ ...other.job, expiresAt: performance.now() + 3_600_000 });
    await Promise.all([late.ended, other.ended]);
    expect([late.received, other.received]).toStrictEqual([[], other.expected]);
    expect(late.endings).toMatchObject([{ type: 'deadline-exceeded' }]);
    expect(queuedRows()).toBe(0);
  });

  test('takes a single job that is larger than itself', async () => {
    const { submit, queuedRows } = createDoubler({ maxQueuedRows: 10 });
    const large = createCaller(11);
    submit(large.job);
    await large.ended;
    expect(large.received).toStrictEqual(large.expected);
    expect(queuedRows()).toBe(0);
  });
});
