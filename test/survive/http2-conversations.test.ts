/** A call that goes on and on, as reflection may, is answered message by message, and is ended beyond its bounds. */
import { readMessage } from '../../src/protobuf/messages';
import { textField } from '../../src/protobuf/write';
import { createGrpcClient, frame, type GrpcClient } from '../grpc-client';
import { type Host, startHost } from '../hosts';

const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const list = frame(textField(7, ''));

describe('A conversation', () => {
  let host: Host;
  let client: GrpcClient;
  beforeAll(async () => {
    host = await startHost('in process', { env: { CLIENT_TIMEOUT_MS: '1000' } });
    client = await createGrpcClient(host.port);
  });
  afterAll(async () => {
    client.close();
    await host.stop();
  });

  test('has an answer to each message, however they are cut', async () => {
    const { stream, outcome } = client.send(path, Buffer.alloc(0));
    expect((await outcome).code).toBe(0);
    expect(stream.rstCode).toBe(0);
    const twice = await client.send(path, Buffer.concat([list, list])).outcome;
    expect(twice.code).toBe(0);
    const first = twice.message.subarray(0, (twice.message.length - 5) / 2);
    expect(twice.message).toEqual(Buffer.concat([first, frame(first)]));
    expect(first.toString()).toContain('inference.GRPCInferenceService');
  });

  test.each<[string, Buffer, number, RegExp]>([
    ['of a thousand and one messages', Buffer.concat(Array(1001).fill(list)), 8, /at most 1000 messages/],
    ['with a long message', frame(Buffer.alloc(20_000)), 8, /at most 16384 bytes, got 20000/],
    ['with a message of four gigabytes', Buffer.from([0, 255, 255, 255, 255]), 8, /got 4294967295/],
    ['with a compressed message', frame(Buffer.alloc(1), true), 12, /not compressed/],
    ['with a strange flag', Buffer.from([7, 0, 0, 0, 0]), 3, /got 7/],
    ['that ends within a message', list.subarray(0, 6), 3, /a part of one/],
    ['with bytes that are no message', frame(Buffer.alloc(12, 0xff)), 3, /a number that does not end/],
  ])('%s is ended', async (_, body, code, words) => {
    const outcome = await client.send(path, body).outcome;
    expect(outcome.text).toMatch(words);
    expect(outcome.code).toBe(code);
  });

  test('about nothing that is served is told so, and goes on', async () => {
    const unknown = frame(textField(4, 'a.B'));
    const { code, message } = await client.send(path, unknown).outcome;
    expect([code, message.toString()]).toEqual([0, expect.stringContaining('Unknown symbol or file "a.B"')]);
  });

  test('that is left open is given up', async () => {
    const stream = client.session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    stream.resume();
    await new Promise((resolve) => stream.on('close', resolve));
    expect(stream.rstCode).toBe(8);
  });
});

test('A small message with more fields than any has is read as far as it makes sense', () => {
  const file = {
    name: '',
    package: '',
    messages: { M: [{ number: 1, name: 'a', type: 'string' }] },
    enums: {},
    services: {},
  };
  const bytes = Buffer.concat(Array(10_000).fill(textField(1, 'x')));
  expect(readMessage(file, 'M', bytes)).toEqual({ a: 'x' });
});
