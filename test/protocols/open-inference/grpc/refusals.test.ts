/** What is wrong with a call is said in words, with a status of gRPC. */
import { bytesField, packedField, textField, varintField } from '../../../../src/protobuf/write';
import { createGrpcClient, frame, type GrpcClient, inferRequest, tensor } from '../../../grpc-client';
import { type Host, startHost } from '../../../hosts';
import { card, goodInstance } from '../../../model-files';

const input = card.inputs[0]?.name ?? '';
const floats = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
const request = (...parts: readonly Buffer[]) => Buffer.concat([textField(1, card.name), ...parts]);

describe('A call', () => {
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

  const shape = [1, goodInstance.length];
  const good = tensor(input, 'FP32', shape);
  const data = bytesField(7, floats(goodInstance));
  const output = (name: string, ...parameters: readonly Buffer[]) =>
    bytesField(6, Buffer.concat([textField(1, name), ...parameters.map((each) => bytesField(2, each))]));
  const parameter = (name: string, field: number, value: number) =>
    Buffer.concat([textField(1, name), bytesField(2, varintField(field, value))]);

  test.each<[string, Buffer, number, RegExp]>([
    ['another model', inferRequest([goodInstance], 'rose'), 5, /^Unknown model "rose"; this deployment serves/],
    ['another version', Buffer.concat([inferRequest([goodInstance]), textField(2, '77')]), 5, /^Unknown version "77"/],
    ['no input', request(), 3, /^\/inputs: expected the input/],
    [
      'an input of another name',
      request(bytesField(5, tensor('Y', 'FP32', shape)), data),
      3,
      /^\/inputs\/0\/name: expected the input "X", got the string "Y"/,
    ],
    [
      'an input twice',
      request(bytesField(5, good), bytesField(5, good), data, data),
      3,
      /^\/inputs\/1: expected the input X once/,
    ],
    ['another datatype', request(bytesField(5, tensor(input, 'INT64', shape)), data), 3, /^\/inputs\/0\/datatype/],
    [
      'a shape with a negative size',
      request(bytesField(5, tensor(input, 'FP32', [-1, 4])), data),
      3,
      /^\/inputs\/0\/shape\/0: expected a size of 0 or more, got the number -1/,
    ],
    [
      'a shape of too many sizes',
      request(bytesField(5, tensor(input, 'FP32', Array(65).fill(1))), data),
      3,
      /^\/inputs\/0\/shape: expected at most 64 sizes/,
    ],
    [
      'neither contents nor bytes',
      request(bytesField(5, good)),
      3,
      /^\/inputs\/0: expected "contents" or an entry in raw_input_contents, got neither/,
    ],
    [
      'both contents and bytes',
      request(bytesField(5, tensor(input, 'FP32', shape, bytesField(6, floats(goodInstance)))), data),
      3,
      /got both/,
    ],
    [
      'contents of another kind',
      request(bytesField(5, tensor(input, 'FP32', shape, packedField(3, [1, 2, 3, 4])))),
      3,
      /expected fp32_contents for its datatype, got int64_contents/,
    ],
    [
      'too few elements',
      request(bytesField(5, tensor(input, 'FP32', shape, bytesField(6, floats([1]))))),
      3,
      /expected 4 elements for this shape, got 1/,
    ],
    [
      'bytes for another number of inputs',
      request(bytesField(5, good), data, data),
      3,
      /^\/raw_input_contents: expected 1, one for each input, got 2/,
    ],
    [
      'bytes of another length',
      request(bytesField(5, good), bytesField(7, floats([1]))),
      3,
      /expected 4 elements of 4 bytes, got 4 bytes/,
    ],
    [
      'a number that is not finite',
      request(bytesField(5, good), bytesField(7, floats([1, Number.NaN, 1, 1]))),
      3,
      /finite/,
    ],
    [
      'an unknown output',
      request(bytesField(5, good), data, output('nothing')),
      3,
      /^\/outputs\/0\/name: expected the output/,
    ],
    ['an output twice', request(bytesField(5, good), data, output('label'), output('label')), 3, /once, got it twice/],
    [
      'no classes',
      request(bytesField(5, good), data, output('label', parameter('classification', 2, 0))),
      3,
      /a number of classes/,
    ],
    [
      'a long id',
      request(bytesField(5, good), data, textField(3, 'x'.repeat(9000))),
      3,
      /^\/id: expected at most 8192/,
    ],
    ['a text that is not UTF-8', request(bytesField(3, Buffer.from([0xff]))), 3, /not UTF-8/],
    ['a field that does not end', request(Buffer.from([0x3a, 0x7f])), 3, /a field that does not end/],
    ['a number that does not end', request(Buffer.alloc(12, 0xff)), 3, /a number that does not end/],
    ['a group', request(Buffer.from([0x23])), 3, /the wire type 3/],
    [
      'a hundred thousand inputs',
      request(Buffer.concat(Array(100_000).fill(Buffer.from([0x2a, 0])))),
      8,
      /at most 16384 fields/,
    ],
    [
      'too many rows',
      request(bytesField(5, tensor(input, 'FP32', [200_000, 4])), bytesField(7, Buffer.alloc(3_200_000))),
      8,
      /at most 100000 rows/,
    ],
  ])('with %s is refused', async (_, message, status, words) => {
    const { code, text, status: http, message: none } = await client.call('ModelInfer', message);
    expect(text).toMatch(words);
    expect([http, code, none.length]).toEqual([200, status, 0]);
  });

  test.each<[string, string, Buffer, Readonly<Record<string, string>>, number, RegExp]>([
    [
      'an unknown method',
      'Nothing',
      frame(Buffer.alloc(0)),
      {},
      12,
      /^Nothing of inference.GRPCInferenceService is not served; expected one of .*ModelInfer/,
    ],
    [
      'an unknown service',
      '/a.B/C',
      frame(Buffer.alloc(0)),
      {},
      12,
      /^C of a.B is not served; expected one of inference.GRPCInferenceService/,
    ],
    ['a message longer than what came', 'ServerLive', Buffer.from([0, 255, 255, 255, 255]), {}, 3, /4294967295 bytes/],
    [
      'a strange flag',
      'ServerLive',
      Buffer.from([9, 0, 0, 0, 0]),
      {},
      3,
      /^Expected 0 or 1 in front of a message, got 9/,
    ],
    ['compression without a coding', 'ServerLive', frame(Buffer.alloc(1), true), {}, 3, /grpc-encoding/],
    [
      'compression in an unknown coding',
      'ServerLive',
      frame(Buffer.alloc(1), true),
      { 'grpc-encoding': 'snappy' },
      12,
      /"snappy"/,
    ],
    ['damaged compression', 'ServerLive', frame(Buffer.alloc(9), true), { 'grpc-encoding': 'gzip' }, 3, /damaged/],
    [
      'a strange timeout',
      'ServerLive',
      frame(Buffer.alloc(0)),
      { 'grpc-timeout': 'soon' },
      3,
      /^Expected grpc-timeout/,
    ],
    [
      'a timeout that is over',
      'ServerLive',
      frame(Buffer.alloc(0)),
      { 'grpc-timeout': '1n' },
      4,
      /did not arrive within/,
    ],
  ])('of %s is refused', async (_, method, body, headers, status, words) => {
    const { code, text } = await client.send(method, body, headers).outcome;
    expect(text).toMatch(words);
    expect(code).toBe(status);
  });
});
