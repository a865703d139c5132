/** Training and serving agree: every golden sample, and 20 000 random rows, through the HTTP interface. */
import { drawRows, type Parity, readAnswers } from './drawing';
import { describeEachHost, type Host, startHost } from './hosts';
import { card, isCloseTo, type Prediction, readJson, samples, toObjectForm } from './model-files';

async function predict(host: Host, instances: readonly unknown[]): Promise<readonly Prediction[]> {
  const { status, json } = await host.post('/', { instances });
  expect(status).toBe(200);
  return (json as { readonly predictions: readonly Prediction[] }).predictions;
}

describeEachHost('The golden samples', (host) => {
  test.each([
    ['array', (instance: readonly number[]) => instance],
    ['object', toObjectForm],
  ])('get the trainer’s predictions in the %s form', async (_form, toForm) => {
    const predictions = await predict(
      host,
      samples.map(({ instance }) => toForm(instance)),
    );
    expect(predictions).toHaveLength(samples.length);
    expect(samples.filter(({ prediction }, i) => !isCloseTo(predictions[i], prediction))).toEqual([]);
  });

  test('get them one by one, too', async () => {
    for (const { instance, prediction } of samples) {
      expect(isCloseTo((await predict(host, [instance]))[0], prediction)).toBe(true);
    }
  });
});

describe('Rows drawn over the training range', () => {
  const parity = readJson<Parity>('training/parity.json');
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
        predictions.push(...(await predict(host, rows.slice(from, from + 5000))));
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
