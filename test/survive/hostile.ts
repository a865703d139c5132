/** Requests that nobody should send: good ones that are damaged, and bytes of no meaning, on any path. */
import { deflateSync, gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { card, goodInstance } from '../model-files';
import { openApi } from '../openapi/answers';

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];
const paths = Object.keys(openApi.paths);
/** Those that take a body. */
export const pathsOfBodies = paths.filter((known) => 'post' in (openApi.paths[known] ?? {}));
const pathTricks = ['//', '/%2e%2e/', '/..', '/%00', '/%', '/%ff', '/;a=b', '?a=b', '#', '/{}', '/a b', '/__proto__'];

const [input] = card.inputs as unknown as readonly { name: string; datatype: string; shape: number[] }[];
const tensor = { name: input?.name, datatype: input?.datatype, shape: [1, 4], data: goodInstance };
const event = { specversion: '1.0', id: '1', source: '/a', type: 'b' };
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const good = { instances: [goodInstance] };
export const goodBodies: readonly object[] = [
  good,
  { instances: [goodInstance, goodInstance], parameters: {} },
  { inputs: [tensor] },
  { inputs: [tensor], id: 'a', outputs: [{ name: 'x', parameters: { binary_data: true } }], parameters: {} },
  { inputs: [{ ...tensor, data: undefined, parameters: { binary_data_size: 16 } }] },
  { calls: [[goodInstance], [null]], requestId: 'a', userDefinedContext: {} },
  { ...event, data: good },
  { ...event, data_base64: base64(good) },
  { message: { data: base64(good), messageId: '1' }, subscription: 'a' },
];

/** What breaks parsers and those who trust them. */
const hostileText = [
  '1e999',
  '-0',
  '9'.repeat(400),
  '0.1e-400',
  '"\\ud800"',
  '"\\u0000"',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"toString":1,"length":-1,"then":{}}',
  '[[[[[[[[[]]]]]]]]]',
  '{"a":1,"a":2}',
  'NaN',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '"\r\nset-cookie: a=b"',
  `"${'x'.repeat(5000)}"`,
  '[{"__proto__":null}]',
];

/** A body's text with pieces replaced, doubled or cut out. */
const damaged: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...goodBodies.map((body) => JSON.stringify(body))),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(12),
        piece: fc.oneof(fc.constantFrom(...hostileText), fc.string({ unit: 'binary', maxLength: 6 }), fc.constant('')),
      }),
      { maxLength: 3 },
    ),
  )
  .map(([text, damages]) =>
    damages.reduce((sum, { at, length, piece }) => {
      const from = Math.floor(at * sum.length);
      return sum.slice(0, from) + piece + sum.slice(from + length);
    }, text),
  );

/** A good body with one of its values, wherever it stands, exchanged for a hostile one. */
const exchanged: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...goodBodies),
    fc.nat(30),
    fc.oneof(fc.constantFrom(...hostileText), fc.json({ maxDepth: 3 })),
  )
  .map(([body, which, text]) => {
    let count = 0;
    const marked = JSON.stringify(body, (_key, value: unknown) => (count++ === which ? '\u0001' : value));
    return marked.replace('"\\u0001"', () => text);
  });

/** Shapes: many of a kind, deep ones, the same member again; below and beyond the length of a piece. */
const repeated: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '{},',
      '[],',
      '1,',
      '"a":1,',
      '[[[[1]]]],',
      '{"a":1,"a":2},',
      ' ',
      '[',
      '"\\n",',
      'a',
      '\\u00e9',
      '9',
    ),
    fc.oneof(fc.nat(100), fc.nat(20_000)),
    fc.constantFrom(
      ['{"instances":[', '1]}'],
      ['{"calls":[[', '1]]}'],
      ['{"instances":[{', '"b":1}]}'],
      ['{"inputs":[', '{}]}'],
      ['{"inputs":[{"name":"', '"}]}'],
      ['{"message":{"data":"', '"}}'],
      ['{"', '":1}'],
      ['', ''],
    ),
  )
  .map(([piece, count, [begin, end]]) => begin + piece.repeat(count) + end);

const bytes: Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: repeated.map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: damaged.map((text) => Buffer.from(text)) },
  { weight: 4, arbitrary: exchanged.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: damaged.map((text) => Buffer.from(`\ufeff${text}`)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)) },
  { weight: 1, arbitrary: fc.tuple(damaged, fc.uint8Array({ maxLength: 64 })).map(joinBytes) },
);

function joinBytes([text, tail]: readonly [string, Uint8Array]): Buffer {
  return Buffer.concat([Buffer.from(text), tail]);
}

const field: Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '0', '-1', '16', '1e9', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '*/*', 'gzip'),
  fc.string({ maxLength: 30 }).map((text) => text.replace(/[^\x20-\x7e]/g, '?')),
);
const headers = fc.record(
  {
    'content-type': fc.oneof(
      { weight: 5, arbitrary: fc.constant('application/json') },
      fc.constantFrom(
        'application/cloudevents+json',
        'application/octet-stream',
        'text/html',
        'application/json; charset=x',
      ),
      field,
    ),
    'inference-header-content-length': fc.oneof(fc.nat(300).map(String), field),
    'content-encoding': fc.constantFrom('gzip', 'deflate', 'identity', 'br', 'gzip, gzip', 'constructor'),
    'accept-encoding': fc.oneof(fc.constantFrom('gzip', 'gzip;q=0', 'br, *;q=0.1'), field),
    accept: field,
    traceparent: field,
    'x-cloud-trace-context': field,
    'ce-specversion': fc.oneof(fc.constant('1.0'), field),
    'ce-id': field,
    'ce-source': field,
    'ce-type': field,
    'triton-request-id': field,
  },
  { requiredKeys: [] },
);

const path = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...paths) }, fc.webPath()),
    fc.option(fc.tuple(fc.constantFrom(...pathTricks), fc.boolean()), { freq: 12 }),
  )
  .map(([known, trick]) => {
    const [text, isBefore] = trick ?? ['', false];
    return (isBefore ? text + known : known + text).replace(/^[^/]/, '/').replaceAll(/[^\x21-\x7e]/g, '+');
  });

export const hostileRequest: Arbitrary<HostileRequest> = fc
  .record({
    method: fc.oneof({ weight: 9, arbitrary: fc.constant('POST') }, fc.constantFrom(...methods)),
    path,
    headers: headers as Arbitrary<Readonly<Record<string, string>>>,
    body: fc.option(bytes, { freq: 20, nil: undefined }),
    packing: fc.constantFrom('as said', 'as said', 'cut', 'not at all'),
  })
  .map(({ body, packing, ...request }) => ({
    ...request,
    ...(body && { body: pack(body, request.headers, packing) }),
  }));

/** Compresses a body as its header says, wholly, in part, or not. */
function pack(body: Buffer, { 'content-encoding': coding }: Readonly<Record<string, string>>, packing: string): Buffer {
  if (packing === 'not at all' || (coding !== 'gzip' && coding !== 'deflate')) return body;
  const packed = coding === 'gzip' ? gzipSync(body) : deflateSync(body);
  return packing === 'cut' ? packed.subarray(0, -5) : packed;
}
