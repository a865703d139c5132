/** Drift: quiet on rows like those of the training, and loud on others. */
import { findBin, stabilityIndex } from '../../../src/telemetry/drift/bins';
import type { DriftReadings } from '../../../src/telemetry/drift/drift-readings';
import { createTrainingBins } from '../../../src/telemetry/drift/training-bins';
import { toUniform } from '../../drawing';
import { describeEachHost, type Host } from '../../hosts';
import { createCard } from '../../model/cards';
import { card, modelPath, samples } from '../../model-files';

let drawn = 0;
const instances = samples.map(({ instance }) => instance);
const [first] = card.features;
const third = ((first?.training.maximum ?? 0) - (first?.training.minimum ?? 0)) / 3;

/** Instances drawn with replacement; the first feature of each is moved. */
function draw(rows: number, shift = 0): readonly (readonly number[])[] {
  return Array.from({ length: rows }, () => {
    const [head = 0, ...others] = instances[Math.floor(toUniform(drawn++) * instances.length)] ?? [];
    return [head + shift, ...others];
  });
}

async function send(host: Host, rows: number, shift = 0): Promise<DriftReadings> {
  for (let left = rows; left > 0; left -= 5_000) {
    const { status } = await host.post('/predict', { instances: draw(Math.min(left, 5_000), shift) });
    expect(status).toBe(200);
  }
  return read(host);
}

async function read(host: Host): Promise<DriftReadings> {
  const { status, json } = await host.request('GET', `${modelPath}/drift`);
  expect(status).toBe(200);
  return json as DriftReadings;
}

async function gauges(host: Host): Promise<readonly string[]> {
  const { text } = await host.request('GET', '/metrics');
  return text.split('\n').filter((line) => /^predict_(drift|feature|label|outside)_/.test(line));
}

const version = `version="${card.version}"`;

describeEachHost('Drift', (host) => {
  test('counts callers’ rows and not the golden samples of a load', async () => {
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(200);
    expect(await read(host)).toMatchObject({ name: card.name, version: card.version, rows: 0 });
    expect((await send(host, 9)).rows).toBe(9);
  });

  test('says nothing of too few rows', async () => {
    const { minimumRows, outside, features, labels } = await read(host);
    expect(minimumRows).toBeGreaterThan(9);
    expect(features.map(({ name }) => name)).toEqual(card.features.map(({ name }) => name));
    expect([outside, ...features.flatMap((each) => [each.psi, each.outside]), labels?.psi, labels?.shares]).toEqual(
      Array(features.length * 2 + 3).fill(null),
    );
    expect(await gauges(host)).toEqual([`predict_drift_rows{${version}} 9`]);
  });

  test('stays below 0.1 on rows like those of the training', async () => {
    const { rows, outside, features, labels } = await send(host, 1_000);
    expect(rows).toBe(1_009);
    for (const { psi, outside: share } of [...features, { psi: labels?.psi, outside }]) {
      expect(psi).toBeLessThan(0.1);
      expect(share).toBeLessThan(0.05);
    }
    expect(Object.keys(labels?.shares ?? {})).toEqual(card.labels);
  });

  test('passes 0.2 where a feature is shifted, and there only', async () => {
    const { outside, features } = await send(host, 10_000, third);
    const [shifted, ...others] = features;
    expect(shifted?.psi).toBeGreaterThan(0.2);
    expect(shifted?.outside).toBeGreaterThan(0);
    expect(outside).toBeGreaterThanOrEqual(shifted?.outside ?? 1);
    for (const { psi } of others) expect(psi).toBeLessThan(0.1);
  });

  test('gives a scraper the same', async () => {
    const { rows, outside, features, labels } = await read(host);
    expect(await gauges(host)).toEqual([
      `predict_drift_rows{${version}} ${rows}`,
      ...features.map(({ name, psi }) => `predict_feature_psi{feature="${name}",${version}} ${psi}`),
      ...features.map((each) => `predict_feature_outside_ratio{feature="${each.name}",${version}} ${each.outside}`),
      `predict_outside_ratio{${version}} ${outside}`,
      `predict_label_psi{${version}} ${labels?.psi}`,
    ]);
  });

  test('forgets what lies some ten thousand rows back', async () => {
    const { rows, features } = await send(host, 25_000);
    expect(rows).toBeLessThanOrEqual(25_000);
    for (const { psi } of features) expect(psi).toBeLessThan(0.1);
  });

  test('does not count rows that only try the model, and answers them as others', async () => {
    const { rows: before } = await read(host);
    const tried = { instances: draw(30, third), parameters: { explore: true } };
    const [{ json }, counted] = [await host.post('/predict', tried), await read(host)];
    expect(counted.rows).toBe(before);
    const { json: asked } = await host.post('/predict', { ...tried, parameters: { explore: false } });
    expect(json).toEqual(asked);
    expect((await read(host)).rows).toBe(before + 30);
  });

  test('answers as ever where parameters.flag is false', async () => {
    const { status, json } = await host.post('/predict', { instances: draw(1), parameters: { flag: false, other: 1 } });
    expect([status, Object.keys(json as object)]).toEqual([200, ['predictions']]);
  });

  test('flags values out of range where parameters.flag asks', async () => {
    const [inside = []] = instances;
    const values = card.features.map(({ training: { minimum } }) => minimum - 0.5);
    const asked = { instances: [inside, values, inside], parameters: { flag: true } };
    for (const path of ['/predict', `${modelPath}:predict`]) {
      const { status, json } = await host.post(path, asked);
      const flags = card.features.map(({ name, training: { minimum, maximum } }, i) => {
        return { row: 1, feature: name, value: expect.closeTo(values[i] ?? 0, 6), minimum, maximum };
      });
      expect(status).toBe(200);
      expect(json).toEqual({ predictions: expect.any(Array), flagged_rows: 1, flags });
    }
  });

  test('does not flag a value on the edge of its range, which no float32 may hold', async () => {
    const edges = (['minimum', 'maximum'] as const).map((end) => card.features.map(({ training }) => training[end]));
    const { json } = await host.post('/predict', { instances: edges, parameters: { flag: true } });
    expect(json).toMatchObject({ flagged_rows: 0, flags: [] });
  });

  test('names the first thousand values of many', async () => {
    const far = card.features.map(({ training: { maximum } }) => maximum + 1);
    const { json } = await host.post('/predict', { instances: Array(2_000).fill(far), parameters: { flag: true } });
    const { flagged_rows: rows, flags } = json as { readonly flagged_rows: number; readonly flags: unknown[] };
    expect([rows, flags.length]).toEqual([2_000, 1_000]);
  });

  test.each(['flag', 'explore'])('refuses a parameter "%s" that is neither true nor false', async (name) => {
    const { status, json } = await host.post('/predict', { instances, parameters: { [name]: 'yes' } });
    const errors = [{ pointer: `/parameters/${name}`, detail: 'expected true or false, got the string "yes"' }];
    expect([status, json]).toEqual([422, expect.objectContaining({ errors })]);
  });
});

test('The index is the sum of differences times the logarithms of their ratios, and finite for empty bins', () => {
  expect(stabilityIndex([0.5, 0.5], [0.8, 0.2])).toBeCloseTo(0.3 * Math.log(4), 12);
  expect(stabilityIndex([0.5, 0.5], [0.5, 0.5])).toBe(0);
  expect(stabilityIndex([0, 1], [1, 0])).toBeCloseTo(2 * 0.9999 * Math.log(1e4), 9);
});

test('A bin holds its upper edge and not its lower one', () => {
  const edges = Float64Array.of(1, 2, 3);
  expect([0, 1, 1.5, 2, 3, 4].map((value) => findBin(edges, value))).toEqual([0, 0, 1, 1, 2, 3]);
});

describe('Without shares in the card', () => {
  const input = { name: 'X', datatype: 'FP32', shape: [-1, 1] } as const;
  const place = { name: 'a', input: 'X', column: 0 };
  const binsOf = (training: object) => {
    const features = [{ ...place, training: { minimum: 0, maximum: 9, ...training } }];
    return createTrainingBins(createCard({ inputs: [input], features })).features[0]?.bins;
  };

  test('quantiles that fall together are one edge', () => {
    const bins = binsOf({ quantiles: { '0.9': 7, '0.25': 1, '0.5': 1 } });
    expect([...(bins?.edges ?? [])]).toEqual([1, 7]);
    expect(bins?.shares.map((share) => share.toFixed(6))).toEqual(['0.500000', '0.400000', '0.100000']);
  });

  test('and without quantiles there is nothing to compare', () => {
    expect(binsOf({})).toEqual({ edges: new Float64Array(0), shares: [1] });
  });
});
