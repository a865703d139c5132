/** Weights of 100 MB: opened with the first request that needs them, held once, and their cold start told. */
import { readFileSync } from 'node:fs';
import { startHost } from '../../hosts';
import { readSample } from '../../scrape';
import { type LargeModel, sum, writeLargeModel } from './large-model';

const megabyte = 1024 * 1024;

describe('a model of 100 MB', () => {
  let model: LargeModel;
  beforeAll(() => {
    model = writeLargeModel(100 * megabyte);
  });
  afterAll(() => model.remove());

  it.each(['functions-framework', 'server.ts'] as const)(
    'opens late on %s, and says how long it took',
    async (kind) => {
      const host = await startHost(kind, { env: { MODEL_DIR: model.directory, INFERENCE_THREADS: '0' } });
      const gauge = (name: string) => readSample(host, name);
      const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8'))?.[1]) * 1024;

      expect((await host.request('GET', '/v2/health/live')).status).toBe(200);
      expect(await gauge('predict_model_ready')).toBe(0);
      const before = memory();
      expect(before).toBeLessThan(model.bytes);

      const instance = Array.from({ length: 16 }, (_, i) => i - 3);
      const { json } = await host.post('/predict', { instances: [instance] });
      const [{ value }] = (json as { predictions: [{ value: number }] }).predictions;
      expect(value).toBeCloseTo(sum(instance), 2);

      const [load, coldStart] = [await gauge('predict_model_load_seconds'), await gauge('predict_cold_start_seconds')];
      expect(load).toBeGreaterThan(0);
      expect(coldStart).toBeGreaterThan(load);
      // The runtime's own copy, what it needed to make it, and the values between its two layers; not the file as well.
      expect(memory() - before).toBeLessThan(3.2 * model.bytes);
      await host.stop();
    },
  );
});
