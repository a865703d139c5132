/** No answer grows beyond MAX_REPLY_BYTES, in any protocol: what is known to be longer is refused before it runs. */
import { describeEachHost } from '../hosts';
import { card, goodInstance } from '../model-files';

const [input] = card.inputs as unknown as readonly { name: string; datatype: string }[];
const path = `/v2/models/${card.name}/infer`;
const tooLarge = { status: 413, json: { type: 'urn:problem-type:onnx-predict:reply-too-large' } };
const rowsOf = (rows: number) => new Array(rows).fill(goodInstance);
const inferenceOf = (rows: number, more: object = {}) => ({
  inputs: [{ ...input, shape: [rows, goodInstance.length], data: rowsOf(rows).flat() }],
  ...more,
});

describeEachHost(
  'With MAX_REPLY_BYTES=2048',
  (host) => {
    test.each<[string, string, (rows: number) => object]>([
      ['instances', '/predict', (rows) => ({ instances: rowsOf(rows) })],
      ['calls', '/bigquery', (rows) => ({ calls: rowsOf(rows) })],
      ['NULL for each call', '/bigquery', (rows) => ({ calls: new Array(20 * rows).fill([null]) })],
      ['explanations', `/v1/models/${card.name}:explain`, (rows) => ({ instances: rowsOf(rows) })],
      ['tensors', path, (rows) => inferenceOf(6 * rows)],
      ['binary tensors', path, (rows) => inferenceOf(3 * rows, { parameters: { binary_data_output: true } })],
      [
        'classes',
        path,
        (rows) => inferenceOf(rows, { outputs: [{ name: 'probabilities', parameters: { classification: 3 } }] }),
      ],
    ])('%s are answered as long as they fit', async (_, to, bodyOf) => {
      expect((await host.post(to, bodyOf(2))).status).toBe(200);
      expect(await host.post(to, bodyOf(60))).toMatchObject(tooLarge);
      expect((await host.post(to, bodyOf(2))).status).toBe(200);
    });

    test.each([
      ['twice', 2, '/outputs/1: expected the output "probabilities" once, got it twice.'],
      ['ten thousand times', 10_000, '/outputs: expected at most 2 tensors, as many as the model has, got 10000.'],
    ])('an output that is asked for %s is refused', async (_, times, detail) => {
      const outputs = new Array(times).fill({ name: 'probabilities' });
      expect(await host.post(path, inferenceOf(1, { outputs }))).toMatchObject({
        status: 400,
        json: { detail },
      });
    });
  },
  { env: { MAX_REPLY_BYTES: '2048' } },
);
