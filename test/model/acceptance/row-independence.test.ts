/** A model whose rows are not its own is refused when it is loaded, unless its card says that each row runs by itself. */
import { readConfig } from '../../../src/config';
import { checkIndependence } from '../../../src/model/acceptance/row-independence';
import { readCard } from '../../../src/model/card/card';
import { createModel, type Model } from '../../../src/model/model';
import { openSession } from '../../../src/model/runtime/session';
import { nextTurn } from '../batching/callers';
import { predict } from '../first-output';
import { type SmallModel, type WrittenModel, writeModel } from '../small-model';
import { coupledModels } from './coupled-models';

const written: WrittenModel[] = [];
const models: Model[] = [];
afterEach(async () => {
  for (const model of models.splice(0)) await model.release();
  for (const { remove } of written.splice(0)) remove();
});

interface Loaded {
  readonly model: Model;
  /** Why it is not served; undefined when it is. */
  readonly refusal: string | undefined;
}

async function load(small: SmallModel, more: object = {}, env: Readonly<Record<string, string>> = {}): Promise<Loaded> {
  const directory = write(small, more);
  const model = createModel(readConfig({ MODEL_DIR: directory, LOAD_RETRY_MS: '0', ...env }));
  models.push(model);
  let refusal: string | undefined;
  model.observe({
    loadFailed: (failure) => {
      refusal = (failure as Error).message;
    },
  });
  await model.load().catch(() => undefined);
  while (refusal === undefined && env.INFERENCE_THREADS !== undefined && model.threadCount() === 0) await nextTurn();
  return { model, refusal };
}

function write(small: SmallModel, more: object = {}): string {
  const model = writeModel(small, more);
  written.push(model);
  return model.directory;
}

const { detections, suppression, sparse, counted, ...joinable } = coupledModels;

describe('a model is refused', () => {
  it.each(Object.entries(joinable))('when rows decide about each other: %s', async (_name, small) => {
    const { refusal } = await load(small);
    expect(refusal).toMatch(
      /^A row is answered differently .*The largest difference is \S+e\+\d, in the output "Y" \(tolerance 0.000001\)\. Set "maxBatchRows": 1/,
    );
  });

  it.each(Object.entries({ detections, suppression }))(
    'when its outputs are not of the rows: %s',
    async (_name, small) => {
      const reason = /^The output "Y" does not match the rows of its run: expected float32\[1, \d\], got float32/;
      expect((await load(small)).refusal).toMatch(reason);
      expect((await load(small, { maxBatchRows: 1 })).refusal).toMatch(reason);
    },
  );

  it('however little time there is to try it', async () => {
    const directory = write(coupledModels.runningSum);
    const { card } = readCard(directory);
    const session = await openSession(directory, card, { threads: 1 });
    const rows = { rows: 1, data: [Float32Array.of(3)] };
    const trial = {
      rows,
      outputs: await session.run(() => rows),
      companions: rows,
      compared: 1,
      mostRows: 1024,
      patienceMs: -1,
    };
    await expect(checkIndependence(session, card, trial)).rejects.toThrow(/among other rows/);
    await session.release();
  });
});

describe('each row runs by itself', () => {
  const [first, second, third] = [
    [1, 2],
    [30, 40],
    [0, 255],
  ] as const;

  it.each([
    ['because the card says so', { maxBatchRows: 1 }, {}],
    ['because the deployment says so', {}, { MAX_BATCH_ROWS: '1' }],
    ['in a thread', { maxBatchRows: 1 }, { INFERENCE_THREADS: '1' }],
  ])('%s', async (_title, more, env) => {
    for (const small of Object.values(joinable).filter(({ columns }) => columns === 2)) {
      const { model, refusal } = await load(small, more, env);
      expect(refusal).toBeUndefined();
      const callers = [[first], [second, third], [third]];
      const alone = [];
      for (const rows of callers) alone.push(await predict(model, rows));
      expect(await Promise.all(callers.map((rows) => predict(model, rows)))).toEqual(alone);
    }
  });

  it('when the card says so, whatever the deployment says', async () => {
    const { model } = await load(joinable.softmaxOfRows, { maxBatchRows: 1 }, { MAX_BATCH_ROWS: '1024' });
    expect(model.limits.maxBatchRows).toBe(1);
  });
});

// By themselves they give two results, and none: together as many as they are.
const [two, none, one] = [
  [2, 2],
  [3, 3],
  [1, 1],
] as const;

describe.each([
  ['in the event loop', {}],
  ['in a thread', { INFERENCE_THREADS: '1' }],
])('results without a row %s', (_title, env) => {
  it('are nobody’s, where an operator gives as many as it finds', async () => {
    const { model, refusal } = await load(sparse, {}, env);
    expect(refusal).toBeUndefined();
    const answers = await Promise.all([two, none, one, none, two, one].map((row) => predict(model, [row])));
    const failed = expect.stringMatching(/^The output "Y" does not match the rows of its run: expected float32\[1, /);
    expect(answers).toEqual([failed, failed, [[1]], failed, failed, [[1]]]);
  });

  it('end the run that has them for all, and no rows run together from then on', async () => {
    const { model } = await load(counted, {}, env);
    const together = await Promise.all([one, two].map((row) => predict(model, [row])));
    expect(together).toEqual(
      Array(2).fill(
        expect.stringMatching(/^The output "Y" does not match .*expected float32\[2, 1\], got float32\[3, 1\]/),
      ),
    );
    const answers = await Promise.all([two, none, one].map((row) => predict(model, [row])));
    const failed = expect.stringMatching(/^The output "Y" does not match the rows of its run: expected float32\[1, /);
    expect(answers).toEqual([failed, failed, [[0]]]);
  });
});
