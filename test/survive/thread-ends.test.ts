/** However a process ends while a thread is inside the runtime, it does not abort: the runtime's native code is left to return. */

import { join } from 'node:path';
import { type ProcessKind, processKinds, startHost } from '../hosts';
import { type LargeModel, writeLargeModel } from '../model/weights/large-model';
import { projectDirectory } from '../processes';

const fixtures = join(projectDirectory, 'test/fixtures');
const slow = join(fixtures, 'models/slow');

/** A host with one thread, which sends the process signals when it is about to be inside the runtime. */
function startSignalled(kind: ProcessKind, directory: string, at: 'create' | 'run', signals: string) {
  const preloads = ['stray-failure.cjs', 'signals-from-thread.cjs'].map((name) => `--require=${join(fixtures, name)}`);
  return startHost(kind, {
    env: {
      MODEL_DIR: directory,
      INFERENCE_THREADS: '1',
      NODE_OPTIONS: preloads.join(' '),
      SIGNALS_AT: at,
      SIGNALS_FROM_THREAD: signals,
    },
  });
}

type SignalledHost = Awaited<ReturnType<typeof startSignalled>>;

/** Asks until the host is gone, and expects it to have ended by itself or, where the runtime took too long, to have been killed. */
async function expectExit(host: SignalledHost, instance: readonly number[], code: number): Promise<void> {
  const ask = () => host.post('/predict', { instances: [instance] });
  for (let isThere = true; isThere; ) {
    isThere = await ask().then(
      () => true,
      () => false,
    );
  }
  host.close();
  expect([code, null]).toContain(await host.exitCode);
  expect(host.stdout).not.toContainEqual(expect.stringMatching(/terminate called/));
}

let large: LargeModel;
beforeAll(() => {
  large = writeLargeModel(100 * 1024 * 1024);
});
afterAll(() => large.remove());

describe.each(processKinds)('%s', (kind) => {
  test.each([
    ['is told twice to end', 'SIGTERM SIGINT', 1],
    ['meets a failure that nobody catches', 'SIGUSR2', 1],
  ])('that %s during a run in a thread exits', async (_title, signals, code) => {
    await expectExit(await startSignalled(kind, slow, 'run', signals), [0.5], code);
  });

  test('that is told to end while a thread opens its session exits', async () => {
    const instance = Array.from({ length: 16 }, () => 1);
    await expectExit(await startSignalled(kind, large.directory, 'create', 'SIGTERM'), instance, 0);
  });
});
