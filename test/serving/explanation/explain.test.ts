/** Explanations of models of any signature. */

import { predict } from '../../../src/model/batching/predict';
import type { Model } from '../../../src/model/model';
import { finish } from '../../../src/turns';
import { goodInstance, modelDirectory } from '../../model-files';
import { createExplainable, type Explanation, explain, fixture, type Row, requestOf } from './explainable';

const nothing: Explanation = { base: NaN, prediction: NaN, contributions: {} };

/** The values of a regressor. */
async function predictValues(model: Model, instances: readonly Row[]): Promise<readonly number[]> {
  const rows = finish(model.contract.readInstances(instances, ''));
  const outputs = await predict(model.submit, rows, { isGone: () => false });
  return outputs.flatMap(({ tensors, from, to }) =>
    Array.from({ length: to - from }, (_, i) => Number(model.write.value?.(tensors, from + i))),
  );
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

test('Strings and numbers in several tensors are mixed by feature', async () => {
  const { model, rows, background } = createExplainable(fixture('regressor'), 9);
  const instance = rows.at(-1) ?? [];
  // The definition: what each of three features adds, over the six orders in which they may come to be known.
  const worth = async (known: readonly number[]) =>
    mean(
      await predictValues(
        model,
        background.map((row) => row.map((value, i) => (known.includes(i) ? instance[i] : value))),
      ),
    );
  const shares = [0, 0, 0];
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]) {
    for (const [at, feature] of order.entries())
      shares[feature] =
        (shares[feature] ?? 0) + ((await worth(order.slice(0, at + 1))) - (await worth(order.slice(0, at)))) / 6;
  }
  const { method, explanations } = await explain(model, [rows[0] ?? [], instance]);
  expect([method, explanations.length]).toEqual(['exact', 2]);
  const [, second] = explanations;
  const { base, prediction, contributions } = (second ?? { value: nothing }).value;
  expect(base).toBeCloseTo(await worth([]), 5);
  expect(prediction).toBeCloseTo(await worth([0, 1, 2]), 5);
  expect(Object.keys(contributions)).toEqual(model.card.features.map(({ name }) => name));
  expect(Object.values(contributions)).toEqual(shares.map((share) => expect.closeTo(share, 5)));
  expect(Math.min(...shares.map(Math.abs))).toBeGreaterThan(0.001);
});

test('A model of more than ten features, of every datatype, is explained by permutations', async () => {
  const { model, rows } = createExplainable(fixture('datatypes'), 2);
  const { method, explanations } = await explain(model, rows.slice(0, 1), { permutations: 3, seed: 11 });
  const [{ value } = { value: undefined }] = explanations;
  const [first, ...others] = Object.values(value?.contributions ?? {});
  expect(method).toBe('permutations');
  // The first feature is the value itself: 0.1, and -1.2 on average over 0.1 and -2.5.
  expect(value).toMatchObject({ base: expect.closeTo(-1.2, 8), prediction: 0.1 });
  expect(first).toBeCloseTo(1.3, 8);
  expect(others).toEqual(Array(model.card.features.length - 1).fill(0));
});

test.each([
  [{ permutations: 0 }, '/parameters/permutations: expected an integer from 1 to 2083, got the number 0'],
  [{ permutations: 5_000 }, 'got the number 5000'],
  [{ seed: 'a' }, '/parameters/seed: expected an integer from 0 to 4294967295, got the string "a"'],
])('Parameters of the permutations are checked: %j', async (parameters, says) => {
  const { model, rows } = createExplainable(fixture('datatypes'), 2);
  await expect(explain(model, rows.slice(0, 1), parameters)).rejects.toThrow(says);
});

test('Runs that are shorter than the background change nothing', async () => {
  const whole = createExplainable(modelDirectory, 32);
  const parts = createExplainable(modelDirectory, 32, { maxBatchRows: 7 });
  const instances = [goodInstance, whole.rows.at(-1) ?? []];
  expect(await explain(parts.model, instances)).toEqual(await explain(whole.model, instances));
});

test('The log line of an explanation counts its instances and the time of all runs', async () => {
  const { model } = createExplainable(modelDirectory, 32);
  const request = requestOf();
  await explain(model, Array<Row>(5).fill(goodInstance), {}, request);
  const { rows, queuedAt, runAt, modelMs } = request.event;
  expect(rows).toBe(5);
  expect(queuedAt).toBeGreaterThan(0);
  expect(runAt).toBeGreaterThanOrEqual(queuedAt);
  expect(modelMs).toBeGreaterThan(0);
});

test('A text is one value, with all the tensors that its tokens fill', async () => {
  const { model, rows, background } = createExplainable(fixture('reviews'), 5);
  const liked = async (texts: readonly Row[]) => {
    const inputs = finish(model.contract.readInstances(texts, ''));
    const outputs = await predict(model.submit, inputs, { isGone: () => false });
    return outputs.flatMap(({ tensors, from, to }) =>
      Array.from(
        { length: to - from },
        (_, i) => JSON.parse(model.write.prediction(tensors, from + i)).probabilities.likes as number,
      ),
    );
  };
  const asked = rows.slice(5, 8);
  const { explanations } = await explain(model, asked);
  const base = mean(await liked(background));
  const predictions = await liked(asked);
  const found = explanations as unknown as readonly { readonly probabilities: Readonly<Record<string, Explanation>> }[];
  expect(found.map(({ probabilities }) => probabilities.likes)).toEqual(
    predictions.map((prediction) => ({
      base: expect.closeTo(base, 5),
      prediction: expect.closeTo(prediction, 5),
      contributions: { text: expect.closeTo(prediction - base, 5) },
    })),
  );
});
