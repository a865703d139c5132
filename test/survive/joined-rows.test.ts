/** Nobody gets what another one's rows decide: requests of one turn are answered as each is alone, or not at all. */
import { describeEachHost, type Host } from '../hosts';
import { coupledModels } from '../model/acceptance/coupled-models';
import { type SmallModel, type WrittenModel, writeModel } from '../model/small-model';

const rounds = 10;
const written: WrittenModel[] = [];
afterAll(() => {
  for (const { remove } of written) remove();
});

function serve(small: SmallModel, more: object = {}): { readonly env: Readonly<Record<string, string>> } {
  const model = writeModel(small, more);
  written.push(model);
  return { env: { MODEL_DIR: model.directory, LOAD_RETRY_MS: '0' } };
}

async function predict(host: Host, instances: readonly (readonly number[])[]): Promise<unknown> {
  const { status, json } = await host.post('/predict', { instances });
  return status === 200 ? json : status;
}

function predictTogether(host: Host, requests: readonly (readonly (readonly number[])[])[]): Promise<unknown[]> {
  return Promise.all(requests.map((instances) => predict(host, instances)));
}

const callers = [
  [[1, 2]],
  [
    [30, 40],
    [0, 255],
  ],
  [[7, 7]],
] as const;

describeEachHost(
  'rows that influence each other, each by itself',
  (host) => {
    it('are answered as they are alone', async () => {
      const alone: unknown[] = [];
      for (const instances of callers) alone.push(await predict(host, instances));
      for (let i = 0; i < rounds; i++) expect(await predictTogether(host, callers)).toEqual(alone);
    });
  },
  serve(coupledModels.quantized, { maxBatchRows: 1 }),
);

describeEachHost(
  'a model whose rows influence each other',
  (host) => {
    it('is not served unless its card says how', async () => {
      expect(await predictTogether(host, callers)).toEqual(callers.map(() => 503));
      expect((await host.request('GET', '/v2/health/ready')).status).toBe(503);
    });
  },
  serve(coupledModels.softmaxOfRows),
);

describeEachHost(
  'a model with as many results as it finds',
  (host) => {
    it('gives nobody those of another row', async () => {
      const [two, none, one] = [[[2, 2]], [[3, 3]], [[1, 1]]];
      for (let i = 0; i < rounds; i++)
        expect(await predictTogether(host, [two, none, one, none, two])).toEqual([
          500,
          500,
          { predictions: [{ value: 1 }] },
          500,
          500,
        ]);
    });
  },
  serve(coupledModels.sparse),
);
