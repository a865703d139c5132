/** Small models of other kinds, made by the real trainer, repeat its predictions through the real runtime. */

import { findMismatch, readSamples } from '../../src/model/acceptance/golden-samples';
import { predict } from '../../src/model/batching/predict';
import { readCard } from '../../src/model/card/card';
import { createModel } from '../../src/model/model';
import { finish } from '../../src/turns';
import { everyDirectory } from '../every-model';

const limits = {
  onnxThreads: 1,
  inferenceThreads: 0,
  loadRetryMs: 0,
  maxBatchRows: 7,
  maxQueuedRows: 10_000,
  maxQueuedBytes: 2 ** 27,
  maxRequestRows: 10_000,
  maxJsonDepth: 64,
  maxReplyBytes: 2 ** 25,
  requestTimeoutMs: 60_000,
};

async function predictSamples(directory: string): Promise<unknown[]> {
  const model = createModel({ modelDirectory: directory, ...limits });
  const instances = readSamples(directory).map(({ instance }) => instance);
  const rows = finish(model.contract.readInstances(instances, '/instances'));
  const outputs = await predict(model.submit, rows, { isGone: () => false });
  return outputs.flatMap(({ tensors, from, to }) =>
    Array.from({ length: to - from }, (_, i) => JSON.parse(model.write.prediction(tensors, from + i)) as unknown),
  );
}

describe.each(everyDirectory)('the model in %s', (directory) => {
  test('repeats every golden sample, in runs of a few rows', async () => {
    const predictions = await predictSamples(directory);
    const samples = readSamples(directory);
    expect(predictions).toHaveLength(samples.length);
    const { tolerance } = readCard(directory).card;
    samples.forEach(({ prediction }, i) => {
      expect({ same: findMismatch(prediction, predictions[i], tolerance) === undefined, prediction }).toEqual({
        same: true,
        prediction,
      });
    });
  });
});

test('there are models of two classes and of a number among them', () => {
  const cards = everyDirectory.map((directory) => readCard(directory).card);
  expect(cards.some(({ labels }) => labels?.length === 2)).toBe(true);
  expect(cards.some(({ task }) => task === 'regression')).toBe(true);
});
