/** Bodies that cannot be read: no JSON, no UTF-8, too long, of a wrong type, in a wrong coding. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type BadRequest, good, json, nest, sent } from './bad-request';

const malformed = { status: 400, type: 'malformed-body' };
const unsupported = { status: 415, type: 'unsupported-media-type' };
const tooLarge = { status: 413, type: 'body-too-large' };

const maxBodyBytes = 10 * 1024 * 1024;
const fits = 'Expected a body of at most';

export const unreadableBodies: readonly BadRequest[] = [
  { name: 'an empty body', ...sent(''), ...malformed, says: ['Expected a JSON object', 'got an empty body'] },
  { name: 'no body', headers: json, ...malformed, says: ['Expected a JSON object', 'got an empty body'] },
  {
    name: 'broken JSON',
    ...sent('{"instances":[[1'),
    ...malformed,
    says: ['Expected JSON'],
  },
  {
    name: 'arrays too deep that never close',
    ...sent(`{"instances":${'['.repeat(1_000_000)}`),
    ...malformed,
    says: ['at most 64 levels'],
  },
  ...[
    ['arrays too deep', nest(65)],
    ['arrays much too deep', `{"instances":${nest(100_000)}}`],
    ['objects too deep', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['arrays too deep behind brackets in text', `["[[\\\\",${nest(64)}]`],
  ].map(([name = '', body = '']) => ({
    name,
    headers: json,
    body,
    ...malformed,
    says: ['at most 64 levels'],
  })),
  { name: 'text', ...sent('hello'), ...malformed, says: ['Expected JSON'] },
  {
    name: 'broken JSON of no content type',
    body: '{"instances":',
    ...malformed,
    says: ['Expected JSON'],
  },
  {
    name: 'invalid UTF-8',
    headers: json,
    body: Buffer.from('7b22ff223a317d', 'hex'),
    ...malformed,
    says: ['Expected UTF-8 text', 'got bytes that are not valid UTF-8'],
  },
  {
    name: 'a damaged gzip body',
    headers: { ...json, 'content-encoding': 'gzip' },
    body: gzipSync(good).subarray(0, -9),
    ...malformed,
    says: ['Expected a complete gzip body'],
  },
  ...['compress', 'constructor', '__proto__'].map(
    (coding): BadRequest => ({
      name: `the content coding ${coding}`,
      headers: { ...json, 'content-encoding': coding },
      body: good,
      ...unsupported,
      says: ['gzip', `got "${coding}"`],
      answers: { 'accept-encoding': 'gzip, deflate' },
    }),
  ),
  {
    name: 'a brotli body',
    headers: { ...json, 'content-encoding': 'br' },
    body: brotliCompressSync(good),
    ...unsupported,
    says: ['Expected content-encoding gzip, deflate or none', 'got "br"'],
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp'].map(
    (type): BadRequest => ({
      name: `the content type ${type}`,
      headers: { 'content-type': type },
      body: good,
      ...unsupported,
      says: ['Expected content-type: application/json', `got "${type.split(';')[0]}"`],
    }),
  ),
  {
    name: 'a charset other than UTF-8',
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    body: good,
    ...unsupported,
    says: ['Expected charset=utf-8', 'got "iso-8859-1"'],
  },
  {
    name: 'JSON over the limit',
    ...sent(good.padEnd(maxBodyBytes + 1)),
    ...tooLarge,
    says: [fits, String(maxBodyBytes)],
  },
  {
    name: 'JSON over the limit that does not say its length',
    headers: { ...json, 'transfer-encoding': 'chunked' },
    body: good.padEnd(maxBodyBytes + 1),
    ...tooLarge,
    says: [fits],
  },
  {
    name: 'a gzip body that unfolds beyond the limit',
    headers: { ...json, 'content-encoding': 'gzip' },
    body: gzipSync(good.padEnd(maxBodyBytes + 1)),
    ...tooLarge,
    says: [fits, 'after decompression'],
  },
  {
    name: 'anything over the limit',
    ...sent(' '.repeat(maxBodyBytes + 1)),
    ...tooLarge,
    says: [fits],
  },
];
