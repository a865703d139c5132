/** ModelInfer answers what REST answers, in the same runs, and says in words and with a status what is wrong. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { bytesField, textField } from '../../../../src/protobuf/write';
import {
  createGrpcClient,
  frame,
  type GrpcClient,
  inferRequest,
  readInferResponse,
  tensor,
} from '../../../grpc-client';
import { holdModel } from '../../../held-model';
import { type Host, startHost } from '../../../hosts';
import { card, goodInstance, samples } from '../../../model-files';
import { readSample } from '../../../scrape';

const input = card.inputs[0]?.name ?? '';
const floats = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
const request = (...parts: readonly Buffer[]) => Buffer.concat([textField(1, card.name), ...parts]);
const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => samples[i % samples.length]?.instance ?? []);

describe('ModelInfer', () => {
  let host: Host;
  let client: GrpcClient;
  beforeAll(async () => {
    host = await startHost('in process');
    client = await createGrpcClient(host.port);
  });
  afterAll(async () => {
    client.close();
    await host.stop();
  });

  test('takes empty contents beside bytes, as MLServer’s client sends them', async () => {
    const head = tensor(input, 'FP32', [1, goodInstance.length], Buffer.alloc(0));
    const { message, code } = await client.call(
      'ModelInfer',
      request(bytesField(5, head), bytesField(7, floats(goodInstance))),
    );
    expect(code).toBe(0);
    expect(readInferResponse(message)).toEqual(
      readInferResponse((await client.call('ModelInfer', inferRequest([goodInstance]))).message),
    );
  });

  test('answers the tensors that REST answers, with the caller’s id', async () => {
    const rows = rowsOf(40);
    const { message, code } = await client.call(
      'ModelInfer',
      Buffer.concat([inferRequest(rows), textField(3, 'größe')]),
    );
    const { json } = await host.post(`/v2/models/${card.name}/infer`, {
      inputs: [{ name: input, shape: [40, rows[0]?.length], datatype: 'FP32', data: rows.flat() }],
    });
    const { outputs } = json as { readonly outputs: readonly { readonly name: string; readonly data: number[] }[] };
    const answered = readInferResponse(message);
    expect([code, answered.id]).toEqual([0, 'größe']);
    const lengths = outputs.map(({ name, data: elements }) => [name, elements.length]);
    expect(
      Object.entries(answered.outputs).map(([name, bytes]) => [
        name,
        (bytes?.length ?? 0) / (name === outputs[0]?.name ? 8 : 4),
      ]),
    ).toEqual(lengths);
    const shares = answered.outputs[outputs[1]?.name ?? ''] ?? Buffer.alloc(0);
    expect(Array.from({ length: shares.length / 4 }, (_, i) => shares.readFloatLE(i * 4))).toEqual(
      outputs[1]?.data.map(Math.fround),
    );
  });

  test.each<[string, Buffer]>([
    ['in one packed field', bytesField(6, floats(goodInstance))],
    [
      'in two packed fields',
      Buffer.concat([bytesField(6, floats(goodInstance.slice(0, 1))), bytesField(6, floats(goodInstance.slice(1)))]),
    ],
    [
      'each in a field of its own',
      Buffer.concat(goodInstance.map((value) => Buffer.concat([Buffer.from([0x35]), floats([value])]))),
    ],
  ])('reads typed contents %s', async (_, contents) => {
    const typed = request(bytesField(5, tensor(input, 'FP32', [1, goodInstance.length], contents)));
    const [{ message }, { message: raw }] = await Promise.all([
      client.call('ModelInfer', typed),
      client.call('ModelInfer', inferRequest([goodInstance])),
    ]);
    const { contents: outputs } = readInferResponse(message);
    const { outputs: bytes } = readInferResponse(raw);
    // Key and length before the floats of the second output.
    expect(outputs[1]?.subarray(2)).toEqual(Object.values(bytes)[1]);
  });

  test('answers a compressed message with one in the same coding', async () => {
    const body = frame(gzipSync(inferRequest(rowsOf(500))), true);
    const { message, headers, code } = await client.send('ModelInfer', body, { 'grpc-encoding': 'gzip' }).outcome;
    expect([code, headers['grpc-encoding']]).toEqual([0, 'gzip']);
    expect(Object.values(readInferResponse(gunzipSync(message)).outputs)[1]).toHaveLength(500 * 3 * 4);
  });
});

describe('While the model loads', () => {
  test('rows from gRPC and REST wait together, run at once, and those of a cancelled call do not', async () => {
    const model = holdModel();
    const host = await startHost('server.ts', { env: { MODEL_DIR: model.directory } });
    const client = await createGrpcClient(host.port);
    const calls = [1, 2, 3].map(() => client.call('ModelInfer', inferRequest([goodInstance])));
    const { stream, outcome: cancelled } = client.send('ModelInfer', frame(inferRequest([goodInstance])));
    const late = client.send('ModelInfer', frame(inferRequest([goodInstance])), { 'grpc-timeout': '50m' });
    const rest = host.post('/predict', { instances: [goodInstance] });
    const goOn = await model.untilLoading();
    // Until all have arrived, which is after what is read first on each connection.
    const waitsUntil = performance.now() + 60;
    while ((await readSample(host, 'predict_requests_in_flight')) < 7);
    stream.close(8);
    await cancelled;
    while (performance.now() < waitsUntil) await host.request('GET', '/v2/health/live');
    await goOn();
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual([0, 0, 0]);
    expect((await rest).status).toBe(200);
    expect(await late.outcome).toMatchObject({ code: 4, text: expect.stringMatching(/did not run within \d+ ms/) });
    const { json } = await host.request('GET', `/v2/models/${card.name}/stats`);
    const counts = (json as { readonly model_stats: readonly object[] }).model_stats[0];
    expect(counts).toMatchObject({ inference_count: 4, execution_count: 1 });
    client.close();
    await host.stop();
    model.remove();
  });
});
