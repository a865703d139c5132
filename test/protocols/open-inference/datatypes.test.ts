/** Tensors of every datatype go in and come out unchanged, in JSON and in bytes, through a model that gives back what it gets. */
import { join } from 'node:path';
import type { Reply } from '../../client';
import { type Host, startHost } from '../../hosts';
import { projectDirectory } from '../../processes';

const path = '/v2/models/datatypes/infer';
const sizes: Readonly<Record<string, number>> = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
};

/** JSON texts of elements: long integers would be rounded on their way through JavaScript. */
const elements: Readonly<Record<string, readonly string[]>> = {
  BOOL: ['true', 'false', 'true'],
  UINT8: ['0', '7', '255'],
  UINT16: ['0', '7', '65535'],
  UINT32: ['0', '7', '4294967295'],
  UINT64: ['0', '9007199254740993', '18446744073709551615'],
  INT8: ['-128', '0', '127'],
  INT16: ['-32768', '0', '32767'],
  INT32: ['-2147483648', '0', '2147483647'],
  INT64: ['-9223372036854775808', '9007199254740993', '9223372036854775807'],
  FP16: ['0.5', '0.33325195', '65504'],
  FP32: ['0.1', '-1.5', '3.0000000054977558e+38'],
  FP64: ['0.1', '1e+300', '-5e-324'],
  BYTES: ['""', '"line\\nbreak \\"1234567890123456789\\""', '"größe 😀"'],
};
const datatypes = Object.keys(elements);
const rows = 3;

const inputJson = (datatype: string, data: string) =>
  `{"name":"${datatype.toLowerCase()}","shape":[${rows},1],"datatype":"${datatype}","data":${data}}`;
const bodyOf = (replaced: Readonly<Record<string, string>> = {}, members = '') =>
  `{${members}"inputs":[${datatypes.map((datatype) => inputJson(datatype, replaced[datatype] ?? `[${elements[datatype]}]`)).join(',')}]}`;

describe('A model with an input and an output of every datatype', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('in process', {
      env: { MODEL_DIR: join(projectDirectory, 'test/fixtures/models/datatypes') },
    });
  });
  afterAll(() => host.stop());

  const send = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
    host.request('POST', path, { headers, body });

  test('gives every element back, digit for digit', async () => {
    const { status, text } = await send(bodyOf());
    expect(status).toBe(200);
    for (const datatype of datatypes)
      expect(text).toContain(
        `{"name":"same_${datatype.toLowerCase()}","datatype":"${datatype}","shape":[3,1],"data":[${elements[datatype]}]}`,
      );
  });

  test('takes nested data', async () => {
    const nested = Object.fromEntries(
      datatypes.map((datatype) => [datatype, `[${elements[datatype]?.map((text) => `[${text}]`)}]`]),
    );
    expect((await send(bodyOf(nested))).text).toBe((await send(bodyOf())).text);
  });

  test('gives bytes that it takes back, at any alignment', async () => {
    const first = await send(bodyOf({}, '"parameters":{"binary_data_output":true},'));
    const length = Number(first.headers['inference-header-content-length']);
    const document = JSON.parse(first.bytes.subarray(0, length).toString()) as {
      outputs: { name: string; parameters: { binary_data_size: number } }[];
    };
    for (const { name, parameters } of document.outputs) {
      const datatype = name.replace('same_', '').toUpperCase();
      if (datatype !== 'BYTES') expect(parameters.binary_data_size).toBe(rows * (sizes[datatype] ?? 0));
    }
    const inputs = document.outputs.map(({ name, parameters }) => {
      const datatype = name.replace('same_', '').toUpperCase();
      return { name: datatype.toLowerCase(), datatype, shape: [rows, 1], parameters };
    });
    for (const id of ['a', 'ab', 'abc', 'abcd']) {
      const json = JSON.stringify({ id, inputs });
      const body = Buffer.concat([Buffer.from(json), first.bytes.subarray(length)]);
      const { text } = await send(body, { 'inference-header-content-length': String(json.length) });
      expect(text.replace(`"id":"${id}",`, '')).toBe((await send(bodyOf())).text);
    }
  });

  test.each<[string, string, string]>([
    ['BOOL', '1', 'true or false'],
    ['UINT8', '256', 'an integer from 0 to 255'],
    ['UINT16', '-1', 'an integer from 0 to 65535'],
    ['UINT32', '0.5', 'an integer from 0 to 4294967295'],
    ['UINT64', '18446744073709551616', 'an integer from 0 to 18446744073709551615'],
    ['UINT64', '-1', 'an integer from 0'],
    ['INT8', '128', 'an integer from -128 to 127'],
    ['INT16', '"1"', 'an integer from -32768'],
    ['INT32', '2147483648', 'an integer from -2147483648 to 2147483647'],
    ['INT64', '9223372036854775808', 'an integer from -9223372036854775808 to 9223372036854775807'],
    ['INT64', '1.5', 'an integer from'],
    ['INT64', '9007199254740993.5', 'an integer from'],
    ['INT64', 'null', 'an integer from'],
    ['FP32', '1e39', 'a number that fits a float32'],
    ['FP32', 'true', 'a number that fits a float32'],
    ['FP64', '1e999', 'a number, got a number too large'],
    ['BYTES', '7', 'a string, got the number 7'],
  ])('refuses %s %s', async (datatype, text, expected) => {
    const data = `[${elements[datatype]?.[0]},${elements[datatype]?.[1]},${text}]`;
    const { status, json } = await send(bodyOf({ [datatype]: data }));
    const pointer = `/inputs/${datatypes.indexOf(datatype)}/data/2`;
    expect(json).toMatchObject({
      status: 400,
      errors: [{ pointer, detail: expect.stringContaining(`expected ${expected}`) }],
    });
    expect(status).toBe(400);
  });

  test.each<[string, Buffer, string]>([
    ['a length beyond the end', Buffer.from([200, 0, 0, 0, 65]), 'end within string 0'],
    ['half a length', Buffer.from([1, 0]), 'end within string 0'],
    ['a length of four gigabytes', Buffer.from([255, 255, 255, 255, 65]), 'end within string 0'],
    ['too few strings', Buffer.from([1, 0, 0, 0, 65]), 'expected 3 strings, got 1'],
    ['text that is no UTF-8', Buffer.from([1, 0, 0, 0, 255]), 'other bytes in string 0'],
  ])('refuses bytes of strings with %s', async (_what, bytes, says) => {
    const others = datatypes.slice(0, -1).map((datatype) => inputJson(datatype, `[${elements[datatype]}]`));
    const described = `{"name":"bytes","shape":[3,1],"datatype":"BYTES","parameters":{"binary_data_size":${bytes.length}}}`;
    const json = `{"inputs":[${[...others, described]}]}`;
    const headers = { 'inference-header-content-length': String(Buffer.byteLength(json)) };
    const reply = await send(Buffer.concat([Buffer.from(json), bytes]), headers);
    expect([reply.status, (reply.json as { readonly error: string }).error]).toEqual([
      400,
      expect.stringContaining(says),
    ]);
  });
});
