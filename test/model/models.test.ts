/** Small models of other kinds, made by the real trainer, repeat its predictions through the real runtime. */
import '../realm';
import { readCard } from '../../src/model/card';
import { createModel } from '../../src/model/model';
import { isSamePrediction, readSamples } from '../../src/model/samples';
import type { Tensors } from '../../src/model/tensors';
import { everyDirectory } from '../every-model';

const limits = {
  onnxThreads: 1,
  inferenceThreads: 0,
  maxBatchRows: 7,
  maxQueuedRows: 10_000,
  maxRequestRows: 10_000,
  requestTimeoutMs: 60_000,
};

function predict(directory: string): Promise<unknown[]> {
  const model = createModel({ modelDirectory: directory, ...limits });
  const predictions: unknown[] = [];
  return new Promise((resolve, reject) => {
    const instances = readSamples(directory).map(({ instance }) => instance);
    model.contract.readInstances(instances, '/instances', (outcome) => {
      if (outcome instanceof Error) return reject(outcome);
      model.submit({
        rows: outcome,
        accept(outputs: Tensors, from: number, to: number) {
          for (let row = from; row < to; row++) predictions.push(JSON.parse(model.write.prediction(outputs, row)));
        },
        end: (failure) => (failure === undefined ? resolve(predictions) : reject(failure as Error)),
        isGone: () => false,
      });
    });
  });
}

describe.each(everyDirectory)('the model in %s', (directory) => {
  test('repeats every golden sample, in runs of a few rows', async () => {
    const predictions = await predict(directory);
    const samples = readSamples(directory);
    expect(predictions).toHaveLength(samples.length);
    const { tolerance } = readCard(directory).card;
    samples.forEach(({ prediction }, i) => {
      expect({ same: isSamePrediction(prediction, predictions[i], tolerance), prediction }).toEqual({
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
