/** Drift of strings, booleans, missing values and a regressor's values: quiet on rows like those of the training, loud on others. */
import { join } from 'node:path';
import { readSamples } from '../../../src/model/acceptance/golden-samples';
import { readCard } from '../../../src/model/card/card';
import { checkCardRules } from '../../../src/model/card/card-rules';
import { createDrift } from '../../../src/telemetry/drift/drift';
import type { FeatureDrift } from '../../../src/telemetry/drift/drift-readings';
import { toUniform } from '../../drawing';
import { toObject } from '../../every-model';
import { type Host, startHost } from '../../hosts';
import { createCard, feature } from '../../model/cards';

type Instance = Readonly<Record<string, unknown>>;
type Readings = { readonly features: readonly FeatureDrift[]; readonly values?: readonly FeatureDrift[] };

const rows = 2_000;
let drawn = 0;

/** Asks a fresh host about rows of the training, each changed, and reads its drift. */
async function readDrift(model: string, change: (instance: Instance) => Instance = (each) => each) {
  const directory = join(__dirname, '../../fixtures/models', model);
  const { card } = readCard(directory);
  const known = readSamples(directory).map(({ instance }) => toObject(card, instance) as Instance);
  const instances = Array.from({ length: rows }, () =>
    change(known[Math.floor(toUniform(drawn++) * known.length)] as Instance),
  );
  const host: Host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
  try {
    expect(await host.post('/predict', { instances })).toMatchObject({ status: 200 });
    const { json } = await host.request('GET', `/v1/models/${model}/drift`);
    const { text } = await host.request('GET', '/metrics');
    const { features, values } = json as Readings;
    return { drift: new Map([...features, ...(values ?? [])].map(({ name, psi }) => [name, psi ?? Number.NaN])), text };
  } finally {
    await host.stop();
  }
}

describe('Strings and booleans', () => {
  test('show no drift in rows like those of the training', async () => {
    const { drift, text } = await readDrift('pipeline');
    expect(drift.get('hull')).toBeLessThan(0.1);
    expect(drift.get('engine')).toBeLessThan(0.1);
    expect(text).toMatch(/^predict_feature_psi\{feature="hull",version="1"\} 0/m);
  });

  test('show one where their shares have changed, and only they do', async () => {
    const { drift } = await readDrift('pipeline', (boat) => ({ ...boat, hull: 'steel', engine: true }));
    expect(drift.get('hull')).toBeGreaterThan(0.2);
    expect(drift.get('engine')).toBeGreaterThan(0.2);
    expect(drift.get('length')).toBeLessThan(0.2);
  });

  test('show one for strings that training had not, whatever their number and length', async () => {
    let place = 0;
    const { drift, text } = await readDrift('pipeline', (boat) => ({ ...boat, hull: `${place++}`.repeat(50) }));
    expect(drift.get('hull')).toBeGreaterThan(2);
    expect(text.match(/^predict_feature_psi\{/gm)).toHaveLength(6);
  });
});

describe('The values of a regressor', () => {
  test('show no drift in rows like those of the training', async () => {
    const { drift, text } = await readDrift('several-values');
    expect(drift.get('price')).toBeLessThan(0.2);
    expect(drift.get('area')).toBeLessThan(0.2);
    expect(text).toMatch(/^predict_value_psi\{value="price",version="1"\} 0/m);
    expect(text).toMatch(/^predict_value_outside_ratio\{value="area",version="1"\} 0/m);
  });

  test('show one where the rows have changed', async () => {
    const { drift, text } = await readDrift('several-values', (boat) => ({ ...boat, length: Number(boat.length) + 5 }));
    expect(drift.get('price')).toBeGreaterThan(0.2);
    expect(drift.get('area')).toBeGreaterThan(0.2);
    expect(Number(/^predict_value_outside_ratio\{value="area".* (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  });
});

describe('Missing values', () => {
  test('show no drift where training missed as many', async () => {
    const { drift } = await readDrift('lightgbm');
    expect(drift.get('age')).toBeLessThan(0.2);
  });

  test('show one where they have become more', async () => {
    const { drift } = await readDrift('lightgbm', (boat) => ({ ...boat, age: null }));
    expect(drift.get('age')).toBeGreaterThan(1);
  });

  test('count for nothing where the card does not say how many training missed', () => {
    const training = { minimum: 0, maximum: 9, quantiles: { '0.5': 4 } };
    const card = createCard({
      inputs: [{ name: 'X', datatype: 'FP64', shape: [-1, 1] }],
      features: [{ ...feature('a', 'X', 0), training }],
    });
    const { count, read } = createDrift(card);
    const outputs = { rows: 400, data: [new Float32Array(400)] };
    const X = Float64Array.from({ length: 400 }, (_, row) => (row < 200 ? Number.NaN : row % 2 === 0 ? 1 : 8));
    count({ rows: 400, data: [X] }, outputs);
    expect(read().features).toEqual([{ name: 'a', psi: 0, outside: 0 }]);
  });
});

describe('A card is refused', () => {
  const input = { name: 'X', datatype: 'BYTES', shape: [-1, 1] } as const;
  const output = { name: 'variable', datatype: 'FP32', shape: [-1, 2], role: 'value' } as const;
  const range = { minimum: 0, maximum: 1 };

  test.each([
    [
      'shares of numbers',
      { ...input, datatype: 'FP32' as const },
      { a: 0.5 },
      /"a" has categoryShares: expected them of one string or boolean/,
    ],
    ['shares beyond 1', input, { a: 0.7, b: 0.6 }, /"a" has categoryShares that add up to 1\.\d+: expected at most 1/],
    [
      'other truth values',
      { ...input, datatype: 'BOOL' as const },
      { yes: 1 },
      /"a" has a share of "yes": expected "true" and "false"/,
    ],
  ])('with %s', (_, tensor, categoryShares, message) => {
    const card = createCard({ inputs: [tensor], features: [{ ...feature('a', 'X', 0), categoryShares }] });
    expect(() => checkCardRules(card)).toThrow(message);
  });

  test('with another number of distributions than values', () => {
    const outputs = [{ ...output, training: [range] }];
    const card = createCard({ inputs: [input], features: [feature('a', 'X', 0)], outputs });
    expect(() => checkCardRules(card)).toThrow('"variable" has 1 entries in training: expected one for each element');
  });

  test('with a distribution of what is no value', () => {
    const outputs = [{ ...output, role: 'embedding' as const, training: [range, range] }];
    const card = createCard({ inputs: [input], features: [feature('a', 'X', 0)], outputs, task: 'embedding' });
    expect(() => checkCardRules(card)).toThrow('"variable" has the role "embedding" and a training');
  });
});
