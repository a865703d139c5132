/** A model that overflows: JSON cannot carry what it answers, bytes can, and nobody waits for ever. */
import { join } from 'node:path';
import { describeEachHost } from '../hosts';
import { projectDirectory } from '../processes';

const env = { MODEL_DIR: join(projectDirectory, 'test/fixtures/models/square'), LOG_REQUESTS: 'none' };

describeEachHost(
  'A number beyond all numbers',
  (host) => {
    const infer = (value: number, members: object = {}) =>
      host.post('/v2/models/square/infer', {
        inputs: [{ name: 'X', shape: [1, 1], datatype: 'FP32', data: [value] }],
        ...members,
      });

    test('is a failure of the server in every answer of JSON, and the next request is served', async () => {
      const answers = [
        await host.post('/predict', { instances: [[1e30]] }),
        await host.post('/bigquery', { calls: [[1e30]] }),
        await infer(1e30),
        await infer(1e30, { outputs: [{ name: 'Y', parameters: { classification: 1 } }] }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
      expect((await host.post('/predict', { instances: [[3]] })).json).toEqual({ predictions: [{ value: 9 }] });
      expect((await infer(3)).json).toMatchObject({ outputs: [{ name: 'Y', data: [9] }] });
    });

    test('is answered as it is in bytes', async () => {
      const { bytes, headers } = await infer(1e30, { parameters: { binary_data_output: true } });
      expect(bytes.readFloatLE(Number(headers['inference-header-content-length']))).toBe(Number.POSITIVE_INFINITY);
    });
  },
  { env },
);
