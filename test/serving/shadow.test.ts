/** A candidate that shadows the champion runs every row, is compared with it, and is seen by no caller. */
import { describeEachHost, type Host, startHost } from '../hosts';
import { readSample } from '../scrape';
import { copyPair, until, untilBothLoaded } from './pair';

const other = copyPair('square', 'lookup');
const same = copyPair('square', 'square');
const texts = copyPair('reviews', 'reviews');
const otherTexts = copyPair('reviews', 'reviews', ({ features, ...card }) => ({
  ...card,
  features: (features as { tokenizer: object }[]).map((feature) => ({
    ...feature,
    tokenizer: { ...feature.tokenizer, maxCharacters: 5_000 },
  })),
}));
afterAll(() => {
  other.remove();
  same.remove();
  texts.remove();
  otherTexts.remove();
});

const rows = (host: Host, outcome: string) => readSample(host, 'predict_shadow_rows_total', { outcome });

describeEachHost(
  'a shadow that answers otherwise',
  (host) => {
    it('leaves the answers to the champion, and counts the rows that differ and by how much', async () => {
      await untilBothLoaded(host);
      // Squares are 0, 1 and 4; the candidate looks up 10, 20 and 30.
      const { json, headers } = await host.post('/predict', { instances: [[0], [1], [2]] });
      expect(json).toEqual({ predictions: [{ value: 0 }, { value: 1 }, { value: 4 }] });
      expect(headers['model-version']).toBe('1');
      await until(host, 3, 'predict_shadow_rows_total', { outcome: 'different' });
      expect(await rows(host, 'same')).toBe(0);
      expect(await readSample(host, 'predict_shadow_difference_sum')).toBe(10 + 19 + 26);
      expect(await readSample(host, 'predict_shadow_difference_bucket', { le: '10' })).toBe(1);
    });

    it('may fail on rows without a caller knowing', async () => {
      const before = await rows(host, 'failed');
      const { status, json } = await host.post('/predict', { instances: [[7], [8]] });
      expect([status, json]).toEqual([200, { predictions: [{ value: 49 }, { value: 64 }] }]);
      await until(host, before + 2, 'predict_shadow_rows_total', { outcome: 'failed' });
    });

    it('answers those who name its version', async () => {
      const { json, headers } = await host.post('/v1/models/square/versions/2:predict', { instances: [[1]] });
      expect([json, headers['model-version']]).toEqual([{ predictions: [{ value: 20 }] }, '2']);
    });

    it('has counts of its own', async () => {
      expect(await readSample(host, 'predict_model_info', { version: '1', role: 'champion' })).toBe(1);
      expect(await readSample(host, 'predict_model_info', { version: '2', role: 'candidate' })).toBe(1);
      expect(await readSample(host, 'predict_run_rows_sum', { version: '2' })).toBeGreaterThan(2);
    });
  },
  { env: { MODEL_DIR: other.directory, CANDIDATE_TRAFFIC: 'shadow' } },
);

describeEachHost(
  'a shadow that answers the same',
  (host) => {
    it('is counted as the same, long requests and short ones', async () => {
      await untilBothLoaded(host);
      const instances = Array.from({ length: 1500 }, (_, i) => [i / 100]);
      await Promise.all([host.post('/predict', { instances }), host.post('/predict', { instances: [[1]] })]);
      await until(host, 1501, 'predict_shadow_rows_total', { outcome: 'same' });
      expect(await rows(host, 'different')).toBe(0);
      expect(await readSample(host, 'predict_shadow_difference_count')).toBe(1501);
    });
  },
  { env: { MODEL_DIR: same.directory, CANDIDATE_TRAFFIC: 'shadow' } },
);

describeEachHost(
  'a shadow of instances with sizes of their own',
  (host) => {
    it('is compared row by row', async () => {
      await untilBothLoaded(host);
      const instances = ['short', 'a longer text', 'the soup was great', 'such a mess'].map((text) => ({ text }));
      await host.post('/predict', { instances });
      await until(host, 4, 'predict_shadow_rows_total', { outcome: 'same' });
      expect(await rows(host, 'different')).toBe(0);
    });
  },
  { env: { MODEL_DIR: texts.directory, CANDIDATE_TRAFFIC: 'shadow' } },
);

test('a candidate with another tokenizer cannot be a shadow, which gets the ids of the model', async () => {
  const env = { MODEL_DIR: otherTexts.directory, CANDIDATE_TRAFFIC: 'shadow' };
  expect(await startHost('server.ts', { env }).catch(String)).toMatch(
    /the candidate has other tokenizers: a shadow gets/,
  );
  const host = await startHost('server.ts', { env: { ...env, CANDIDATE_TRAFFIC: '50' } });
  const { json } = await host.post('/v1/models/reviews/versions/2:predict', { instances: [['the soup was great']] });
  expect(json).toMatchObject({ predictions: [{ label: 'likes' }] });
  await host.stop();
});
