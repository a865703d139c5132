/** Requests that a caller sends without waiting are answered in their order, whatever comes after them. */
import { join } from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import { describeEachHost, type Host, type ProcessKind, processKinds, startHost } from '../hosts';
import { type ProcessSettings, projectDirectory } from '../processes';
import { badEnds, chunked, expectInOrder, open, type Part, prediction, unknown } from './pipelined';
import { seed } from './seed';

const part: Arbitrary<Part> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(99).map(unknown) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 50 }).map((count) => prediction(count)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 50 }).map(chunked) },
  // Long enough for the lane.
  { weight: 1, arbitrary: fc.constant(prediction(1, 300_000)) },
);

describeEachHost('Pipelines', (host) => {
  test(`are answered whole before what ends them (FUZZ_SEED=${seed})`, async () => {
    const pipeline = fc.tuple(
      fc.array(part, { maxLength: 12 }),
      fc.constantFrom(...badEnds),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    const property = fc.asyncProperty(pipeline, async ([parts, bad, cut]) => {
      const { socket, text } = await open(host.port);
      const bytes = Buffer.from([...parts, bad].map((each) => each.bytes).join(''), 'latin1');
      const at = Math.floor(cut * bytes.length);
      socket.write(bytes.subarray(0, at));
      socket.write(bytes.subarray(at));
      // A body that is cut off can only be told by its end.
      socket.end();
      expectInOrder(await text, [...parts, bad]);
    });
    await fc.assert(property, { numRuns: 60, seed, endOnFailure: true });
  });
});

const unhurried = { NODE_OPTIONS: `--require ${join(projectDirectory, 'test/fixtures/slow-clock.cjs')}` };

/** The kernel takes connections a moment before the process takes signals: one that has answered takes both. */
async function startAwake(kind: ProcessKind, settings: ProcessSettings = {}): Promise<Host> {
  const host = await startHost(kind, settings);
  await host.request('GET', '/v2/health/live');
  return host;
}

describe.each(processKinds)('%s', (kind) => {
  test(`answers every request that came before a signal (FUZZ_SEED=${seed})`, async () => {
    const pipeline = fc.array(part, { minLength: 10, maxLength: 40 });
    const property = fc.asyncProperty(pipeline, fc.nat(2), async (parts, answersBefore) => {
      const host = await startAwake(kind, { env: unhurried });
      const { socket, text, answered } = await open(host.port);
      await new Promise((resolve) => socket.write(parts.map(({ bytes }) => bytes).join(''), resolve));
      await answered(answersBefore);
      host.kill('SIGTERM');
      const answers = await text;
      expect([await host.exitCode, host.stdout.filter((line) => line.includes('ERROR'))]).toEqual([0, []]);
      expectInOrder(answers, parts);
      host.close();
    });
    await fc.assert(property, { numRuns: 3, seed, endOnFailure: true });
  });
});

/** So that none of them is refused, and none comes after the deadline because the machine is busy. */
const roomy = { ...unhurried, LOG_REQUESTS: 'none', MAX_BUFFERED_BYTES: '100000000', MAX_QUEUED_ROWS: '1000000' };

// The framework's middleware, which is ten times as slow, would not be through with so many at the deadline of a busy machine.
describe.each(['functions-framework', 'server.ts'] as const)('%s', (kind) => {
  test.each([
    ['more than are read of a connection at a time', 3000, (i: number) => unknown(i)],
    ['whose bodies wait to be read', 60, () => prediction(1, 200_000)],
    ['whose answers wait to be read', 60, () => prediction(3000)],
  ])('answers requests that came before a signal, %s', async (_, count, make) => {
    const parts = Array.from({ length: count }, (_each, i) => make(i));
    const host = await startAwake(kind, { env: roomy });
    const { socket, text } = await open(host.port);
    await new Promise((resolve) => socket.write(parts.map(({ bytes }) => bytes).join(''), resolve));
    host.kill('SIGTERM');
    expectInOrder(await text, parts);
    expect(await host.exitCode).toBe(0);
    host.close();
  });
});
