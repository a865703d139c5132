/** The data plane predicts, explains and refuses for callers of any transport: nothing here knows HTTP. */
import { readConfig } from '../../src/config';
import { readSamples } from '../../src/model/acceptance/golden-samples';
import { createModel, type Model } from '../../src/model/model';
import { Problem } from '../../src/problem';
import type { Caller, Instances } from '../../src/serving/caller';
import { createServing } from '../../src/serving/create-serving';
import { admit, explainInstances, predictTensors, readInstances } from '../../src/serving/data-plane';
import { goodInstance, isCloseTo, modelDirectory, type Prediction } from '../model-files';

const config = readConfig({ MODEL_DIR: modelDirectory });
const samples = readSamples(modelDirectory).slice(0, 5);
const instances = samples.map(({ instance }) => instance);
const pointer = '/rows';

function createCaller(isGone = () => false): Caller {
  return { isGone, event: { version: '', rows: 0, queuedAt: 0, runAt: 0, modelMs: 0 } };
}

async function predictInstances(model: Model, asked: Instances, caller: Caller) {
  const inputs = await readInstances(model, asked, caller);
  return { inputs, outputs: await predictTensors(model, inputs, caller) };
}

/** The predictions of outputs, as JSON has them. */
function read({ write }: Model, outputs: Awaited<ReturnType<typeof predictInstances>>['outputs']): Prediction[] {
  return outputs.flatMap(({ tensors, from, to }) =>
    Array.from({ length: to - from }, (_, i) => JSON.parse(write.prediction(tensors, from + i)) as Prediction),
  );
}

describe('A model', () => {
  const serving = createServing(config);
  const { champion: model } = serving;
  afterAll(serving.release);

  test('predicts instances, and notes their way', async () => {
    const caller = createCaller();
    admit(model, caller, 100);
    const { inputs, outputs } = await predictInstances(model, { instances, pointer }, caller);
    expect(inputs.rows).toBe(5);
    for (const [i, prediction] of read(model, outputs).entries())
      expect(isCloseTo(samples[i]?.prediction as Prediction, prediction)).toBe(true);
    const { version, rows, queuedAt, runAt } = caller.event;
    expect([version, rows, queuedAt > 0, runAt >= queuedAt]).toEqual([model.card.version, 5, true, true]);
  });

  test('predicts tensors alike', async () => {
    const { inputs, outputs } = await predictInstances(model, { instances, pointer }, createCaller());
    expect(read(model, await predictTensors(model, inputs, createCaller()))).toEqual(read(model, outputs));
  });

  test('explains instances: the shares of each add up to what is explained', async () => {
    const request = { instances: [goodInstance], pointer, parameters: undefined };
    const { method, explanations } = await explainInstances(model, request, createCaller());
    expect([method, explanations.length, explanations[0]?.length]).toEqual(['exact', 1, model.card.labels?.length]);
    for (const { base, prediction, shares } of explanations[0] ?? [])
      expect(shares.reduce((sum, share) => sum + share, base)).toBeCloseTo(prediction, 9);
  });

  test('says where an instance is wrong', async () => {
    const refused = predictInstances(model, { instances: [goodInstance, [1]], pointer }, createCaller());
    await expect(refused).rejects.toMatchObject({ type: 'invalid-input', errors: [{ pointer: '/rows/1' }] });
  });

  test('runs nothing for a caller who has gone', async () => {
    const left = predictInstances(
      model,
      { instances, pointer },
      createCaller(() => true),
    );
    await expect(left).rejects.toMatchObject({ type: 'caller-gone' });
    expect(model.queuedRows()).toBe(0);
  });
});

test('A queue that is full refuses, and says when to come back', async () => {
  const model = createModel({ ...config, maxQueuedRows: 1, maxBatchRows: 1 });
  const inputs = await readInstances(model, { instances, pointer }, createCaller());
  const first = predictTensors(model, inputs, createCaller());
  expect(() => admit(model, createCaller(), 1)).toThrow(Problem);
  await expect(predictInstances(model, { instances, pointer }, createCaller())).rejects.toMatchObject({
    type: 'overloaded',
    retryAfterSeconds: 1,
  });
  await first;
  await model.release();
});
