/** `:explain` says what the shap package says, of the same weights and the same background. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeEachHost } from '../../hosts';
import { card, goodInstance, modelPath, type Prediction, readJson, samples, toObjectForm } from '../../model-files';
import { projectDirectory } from '../../processes';

interface Expected {
  readonly instance: readonly number[];
  /** One a label. */
  readonly base: readonly number[];
  /** One a feature and label. */
  readonly values: readonly (readonly number[])[];
}

interface Contributions {
  readonly base: number;
  readonly prediction: number;
  readonly contributions: Readonly<Record<string, number>>;
}

interface Answer {
  readonly explanations: readonly { readonly probabilities: Readonly<Record<string, Contributions>> }[];
  readonly method: string;
}

const path = `${modelPath}:explain`;
const versionPath = `${modelPath}/versions/${encodeURIComponent(card.version)}:explain`;
const { explanations: expected } = readJson<{ readonly explanations: readonly Expected[] }>('explanations.json');
const instances = expected.map(({ instance }) => instance);

describeEachHost('Explanations', (host) => {
  async function explain(body: object, at = path): Promise<Answer> {
    const { status, json } = await host.post(at, body);
    expect(status).toBe(200);
    return json as Answer;
  }

  test.each([path, versionPath])('POST %s gives the Shapley values of the shap package', async (at) => {
    const { explanations, method } = await explain({ instances }, at);
    expect([method, explanations.length]).toEqual(['exact', expected.length]);
    const found = explanations.map(({ probabilities }, i) => ({
      instance: instances[i],
      base: card.labels.map((label) => probabilities[label]?.base),
      values: card.features.map(({ name }) => card.labels.map((label) => probabilities[label]?.contributions[name])),
    }));
    const close = (numbers: readonly number[]) => numbers.map((number) => expect.closeTo(number, 6));
    expect(found).toEqual(
      expected.map(({ instance, base, values }) => ({ instance, base: close(base), values: values.map(close) })),
    );
  });

  test('add up to the prediction less the base', async () => {
    const { explanations } = await explain({ instances: samples.map(({ instance }) => instance) });
    for (const [i, { probabilities }] of explanations.entries()) {
      const { prediction: whole } = samples[i] as { readonly prediction: Prediction };
      for (const [label, { base, prediction, contributions }] of Object.entries(probabilities)) {
        const sum = Object.values(contributions).reduce((total, part) => total + part, base);
        expect(Math.abs(sum - prediction)).toBeLessThan(1e-5);
        expect(Math.abs(prediction - (whole.probabilities[label] ?? NaN))).toBeLessThan(1e-6);
      }
    }
  });

  test('are the same for objects, and for one instance or many', async () => {
    const one = await explain({ instances: [toObjectForm(goodInstance)], signature_name: 'serving_default' });
    const { explanations } = await explain({ instances: [...instances, goodInstance] });
    expect(one.explanations).toEqual([explanations.at(-1)]);
  });

  test.each<[object, number, object]>([
    [{ instances: [[...goodInstance, 1]] }, 422, { errors: [expect.objectContaining({ pointer: '/instances/0' })] }],
    [{ instances: [] }, 422, { errors: [expect.objectContaining({ pointer: '/instances' })] }],
    [{ calls: [goodInstance] }, 400, { error: expect.stringContaining('the member "instances"') }],
    [
      { instances: Array(196).fill(goodInstance) },
      413,
      {
        error:
          'Expected at most 195 instances, got 196: each takes 512 model rows (16 coalitions × 32 background rows), ' +
          'and the limit is 100000 per request. Send them in several requests.',
      },
    ],
  ])('are refused for a wrong request: %#', async (body, status, problem) => {
    const reply = await host.post(path, body);
    expect([reply.status, reply.json]).toEqual([status, expect.objectContaining(problem)]);
  });

  test('count as no prediction and no drift', async () => {
    const read = async () => {
      const { json } = await host.request('GET', `${modelPath}/drift`);
      const { text } = await host.request('GET', '/metrics');
      return { drift: json, predictions: text.match(/^predict_predictions_total.*/gm) };
    };
    await host.post('/predict', { instances });
    const before = await read();
    await explain({ instances });
    expect(await read()).toEqual(before);
    expect(before.predictions).not.toBeNull();
  });

  test('let other requests through while they run', async () => {
    const order: string[] = [];
    const long = explain({ instances: Array(195).fill(goodInstance) }).then(() => order.push('explained'));
    const others = ['live', 'predicted'].map(async (name) => {
      if (name === 'live') await host.request('GET', '/v2/health/live');
      else await host.post('/predict', { instances: [goodInstance] });
      order.push(name);
    });
    await Promise.all([long, ...others]);
    expect(order.at(-1)).toBe('explained');
  });
});

test('An explanation takes little more time than the run of its rows', () => {
  const text = execFileSync(process.execPath, [join(projectDirectory, 'docs/bench/time-explanation.cjs')], {
    encoding: 'utf8',
  });
  expect(Number(text)).toBeGreaterThan(0.5);
  expect(Number(text)).toBeLessThan(3);
});
