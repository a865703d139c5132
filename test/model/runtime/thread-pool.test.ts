/** A model whose runs are long runs in threads: the event loop stays free, and every core works. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { readCard } from '../../../src/model/card/card';
import { startThreads } from '../../../src/model/runtime/thread-pool';
import { describeEachHost, type Host, startHost } from '../../hosts';
import { projectDirectory } from '../../processes';
import { readSample, untilSample } from '../../scrape';

const slow = { MODEL_DIR: join(projectDirectory, 'test/fixtures/models/slow') };

const instances = Array.from({ length: 6 }, (_, i) => [i - 3]);
const sines = (value: number) => Array.from({ length: 10 }).reduce<number>((last) => Math.sin(last), value);

/** Asks for all instances and expects the sines of each. */
async function expectSines(host: Host): Promise<void> {
  const { json } = await host.post('/predict', { instances });
  expectValues((json as { predictions: { value: number }[] }).predictions.map(({ value }) => value));
}

function expectValues(values: readonly number[]): void {
  expect(values).toHaveLength(instances.length);
  for (const [i, value] of values.entries())
    expect(value).toBeCloseTo(sines((instances[i] as number[])[0] as number), 5);
}

/** Predicts until so many threads run the model. */
async function untilThreads(host: Host, count: number): Promise<void> {
  await host.request('GET', '/v2/health/ready');
  await untilSample(host, (threads) => threads === count, 'predict_inference_threads');
}

describeEachHost(
  'two threads',
  (host) => {
    it('answer each caller with its own rows, before they have taken over and after', async () => {
      await Promise.all([expectSines(host), expectSines(host)]);
      await untilThreads(host, 2);
      await Promise.all(Array.from({ length: 4 }, () => expectSines(host)));
    });

    it('answer binary tensors, which are parts of larger memory', async () => {
      const values = Float32Array.from(instances.flat());
      const head = JSON.stringify({
        inputs: [
          {
            name: 'X',
            shape: [instances.length, 1],
            datatype: 'FP32',
            parameters: { binary_data_size: values.byteLength },
          },
        ],
      });
      const body = Buffer.concat([Buffer.from(head), Buffer.from(values.buffer)]);
      const headers = { 'inference-header-content-length': String(head.length) };
      const { json } = await host.request('POST', '/v2/models/slow/infer', { headers, body });
      expectValues((json as { outputs: [{ data: number[] }] }).outputs[0].data);
    });

    it('leave the event loop to others while they run', async () => {
      let isAnswered = false;
      const long = host.post('/predict', { instances }).finally(() => {
        isAnswered = true;
      });
      let probes = 0;
      for (; !isAnswered; probes++) await host.request('GET', '/v2/health/live');
      await long;
      // An event loop that waits for a thread answers one probe, after the run; how many others get in depends on the machine.
      expect(probes).toBeGreaterThan(2);
    });
  },
  { env: { ...slow, INFERENCE_THREADS: '2' } },
);

describe('without a setting', () => {
  it.each([
    ['a model of long runs gets a thread for each core', slow, availableParallelism()],
    ['a model of short runs stays in the event loop', {}, 0],
  ])('%s', async (_title, env, count) => {
    const host = await startHost('server.ts', { env });
    await untilThreads(host, count);
    await host.stop();
  });
});

it('threads that are told to end answer first', async () => {
  const directory = slow.MODEL_DIR;
  const { card } = readCard(directory);
  const threads = await startThreads(1, { directory, card, options: { threads: 1 } });
  const rows = { rows: instances.length, data: [Float32Array.from(instances.flat())] };
  const running = threads.run(() => rows);
  // The run is sent at the end of this turn.
  await new Promise((resolve) => setImmediate(resolve));
  await threads.end();
  expectValues([...((await running).data[0] as Float32Array)]);
  await expect(threads.run(() => rows)).rejects.toThrow(/thread .* ended/);
});

describe('a thread that ends by itself', () => {
  const started: Worker[] = [];
  let host: Host;

  /** A host in this process, told of each thread that starts in it. */
  async function start(onThread: (thread: Worker) => void): Promise<void> {
    const note = (message: unknown) => {
      const { worker } = message as { readonly worker: Worker };
      started.push(worker);
      onThread(worker);
    };
    subscribe('worker_threads', note);
    listening.push(note);
    host = await startHost('in process', { env: { ...slow, INFERENCE_THREADS: '1' } });
  }

  const listening: ((message: unknown) => void)[] = [];
  let written: jest.SpyInstance;
  beforeEach(() => {
    written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(async () => {
    written.mockRestore();
    for (const listener of listening.splice(0)) unsubscribe('worker_threads', listener);
    started.length = 0;
    await host.stop();
  });
  const lines = () => written.mock.calls.map(([line]) => String(line));

  it('costs its callers a 503, and the next ones nothing', async () => {
    await start(() => undefined);
    await untilThreads(host, 1);
    // In the place of its next run, not within: nothing but itself can end a thread that is inside the runtime.
    const [thread] = started as [Worker];
    thread.postMessage = () => void thread.terminate();
    const { status, headers, json } = await host.post('/predict', { instances });
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(json).toMatchObject({ detail: expect.stringMatching(/thread .* ended/) });
    expect(lines()).toContainEqual(expect.stringMatching(/thread that runs the model ended with code 1/));

    await expectSines(host);
    await untilThreads(host, 1);
    expect(started).toHaveLength(2);
  });

  it('before it was ready leaves the work to the event loop, with a line that says so', async () => {
    await start((thread) => void thread.terminate());
    await expectSines(host);
    while (lines().length === 0) await host.request('GET', '/v2/health/live');
    expect(lines()).toEqual([expect.stringMatching(/"ERROR".*runs in the event loop.*ended with code \d/)]);
    await expectSines(host);
    expect(await readSample(host, 'predict_inference_threads')).toBe(0);
  });
});
