/** Training and serving agree: every golden sample of what is deployed, and 20 000 random rows of Iris, through the HTTP interface. */

import { findMismatch, readSamples, type Sample } from '../src/model/acceptance/golden-samples';
import { readCard } from '../src/model/card/card';
import { drawRows, type Parity, readAnswers } from './drawing';
import { toObject, toValues } from './every-model';
import { describeEachHost, type Host, startHost } from './hosts';
import { card, deployedDirectory, isCloseTo, type Prediction, readJson } from './model-files';

async function predict<Answer>(host: Host, instances: readonly unknown[]): Promise<readonly Answer[]> {
  const { status, json } = await host.post('/', { instances });
  expect(status).toBe(200);
  return (json as { readonly predictions: readonly Answer[] }).predictions;
}

describeEachHost(
  'The golden samples of model/',
  (host) => {
    const { card: deployed } = readCard(deployedDirectory);
    const samples = readSamples(deployedDirectory);
    const isGolden = ({ prediction }: Sample, answer: unknown) =>
      findMismatch(prediction, answer, deployed.tolerance) === undefined;

    test.each([
      ['array', toValues],
      ['object', toObject],
    ])('get the trainer’s predictions in the %s form', async (_form, toForm) => {
      const predictions = await predict(
        host,
        samples.map(({ instance }) => toForm(deployed, instance)),
      );
      expect(predictions).toHaveLength(samples.length);
      expect(samples.filter((sample, i) => !isGolden(sample, predictions[i]))).toEqual([]);
    });

    test('get them one by one, too', async () => {
      for (const sample of samples) {
        const [prediction] = await predict(host, [sample.instance]);
        expect({ sample, prediction, isGolden: isGolden(sample, prediction) }).toMatchObject({ isGolden: true });
      }
    });
  },
  { env: { MODEL_DIR: deployedDirectory } },
);

describe('Rows drawn over the training range', () => {
  const parity = readJson<Parity>('parity.json');
  const rows = drawRows(parity, card.features);

  test('lie on, just above and just below split thresholds in part', () => {
    const thresholds = parity.thresholds.map((values) => new Set(values.map(Math.fround)));
    const isOn = (row: readonly number[]) => row.some((value, i) => thresholds[i]?.has(value) === true);
    const exact = rows.filter(isOn).length;
    // A third of the rows that are moved.
    const moved = parity.rows / parity.every;
    expect(exact).toBeGreaterThan(moved / 4);
    expect(exact).toBeLessThan(moved / 2);
  });

  test('get the trainer’s predictions', async () => {
    const answers = readAnswers(parity, card.labels);
    const host = await startHost('server.ts');
    const predictions: Prediction[] = [];
    try {
      for (let from = 0; from < rows.length; from += 5000)
        predictions.push(...(await predict<Prediction>(host, rows.slice(from, from + 5000))));
    } finally {
      await host.stop();
    }
    expect(predictions).toHaveLength(parity.rows);
    const differing = rows.filter(
      (_row, i) => !isCloseTo(predictions[i], answers[i] ?? { label: '', probabilities: {} }),
    );
    expect(differing).toEqual([]);
  });
});
