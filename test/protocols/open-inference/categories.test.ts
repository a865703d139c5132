/** Categories and missing values hold for tensors, too: who sends an inference request may say no more than who sends instances. */
import { join } from 'node:path';
import { describeEachHost } from '../../hosts';
import { copyModel } from '../../model-copy';
import { projectDirectory } from '../../processes';

interface EditedCard {
  readonly features: readonly { readonly name: string; readonly unknownCategories?: string }[];
}

const pipeline = copyModel(join(projectDirectory, 'test/fixtures/models/pipeline'));
pipeline.edit<EditedCard>('card.json', (card) => ({
  ...card,
  features: card.features.map((each) =>
    each.unknownCategories === undefined ? each : { ...each, unknownCategories: 'refuse' },
  ),
}));
afterAll(() => pipeline.remove());

const boat = { length: 9.5, beam: 3, age: 4, hull: 'steel', cabins: 2, engine: true };
const types: Readonly<Record<string, string>> = { hull: 'BYTES', cabins: 'INT64', engine: 'BOOL' };
const toInputs = (row: object) =>
  Object.entries(row).map(([name, value]) => ({ name, datatype: types[name] ?? 'FP32', shape: [1, 1], data: [value] }));

describeEachHost(
  'a category that the card refuses',
  (host) => {
    it('is refused among instances and among tensors, with those that would do', async () => {
      const known = await host.post('/predict', { instances: [boat] });
      expect([known.status, (await host.post('/v2/models/pipeline/infer', { inputs: toInputs(boat) })).status]).toEqual(
        [200, 200],
      );

      const paper = { ...boat, hull: 'paper' };
      const instance = await host.post('/predict', { instances: [paper] });
      expect(instance.status).toBe(422);
      const wanted = 'hull: expected one of "glass fibre", "steel", "timber", got the string "paper"';
      expect(instance.json).toMatchObject({ errors: [{ pointer: '/instances/0/hull', detail: wanted }] });
      const inference = await host.post('/v2/models/pipeline/infer', { inputs: toInputs(paper) });
      expect([inference.status, inference.json]).toEqual([
        400,
        expect.objectContaining({ error: expect.stringContaining(wanted) }),
      ]);
    });
  },
  { env: { MODEL_DIR: pipeline.directory } },
);

const xgboost = join(projectDirectory, 'test/fixtures/models/xgboost');

describeEachHost(
  'a missing value',
  (host) => {
    it('is null in JSON and NaN in bytes, and the same prediction', async () => {
      const asInstance = await host.post('/predict', { instances: [[5.5, null, 3]] });
      expect(asInstance.status).toBe(200);
      const inputs = [{ name: 'X', datatype: 'FP32', shape: [1, 3], data: [5.5, null, 3] }];
      const asJson = await host.post('/v2/models/xgboost/infer', { inputs });
      expect(asJson.status).toBe(200);

      const bytes = Buffer.from(Float32Array.of(5.5, Number.NaN, 3).buffer);
      const head = JSON.stringify({
        inputs: [{ ...inputs[0], data: undefined, parameters: { binary_data_size: bytes.length } }],
      });
      const headers = { 'inference-header-content-length': String(head.length) };
      const asBytes = await host.request('POST', '/v2/models/xgboost/infer', {
        headers,
        body: Buffer.concat([Buffer.from(head), bytes]),
      });
      expect((asBytes.json as { outputs: unknown }).outputs).toEqual((asJson.json as { outputs: unknown }).outputs);
    });

    it('is none where it is infinite', async () => {
      const { status } = await host.request('POST', '/predict', {
        headers: { 'content-type': 'application/json' },
        body: '{"instances":[[5.5,1e999,3]]}',
      });
      expect(status).toBe(422);
    });
  },
  { env: { MODEL_DIR: xgboost } },
);
