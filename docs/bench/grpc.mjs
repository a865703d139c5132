/** `node docs/bench/grpc.mjs [ROUNDS]`: calls of gRPC beside requests over HTTP/1.1, same host, same model, same load generator (h2load). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyOf, instanceOf, path } from './bodies.mjs';
import { nodeContenders, root } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { withServer } from './server-process.mjs';

const require = createRequire(import.meta.url);
const { bytesField, packedField, textField } = require(join(root, 'dist/protobuf/write.js'));
const card = require(join(root, 'model/card.json'));
const [input] = card.inputs;

const seconds = 3;
const rounds = Number(process.argv[2] ?? 5);
const directory = mkdtempSync(join(tmpdir(), 'predict-grpc-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const json = 'content-type: application/json';
const inferPath = `/v2/models/${card.name}/infer`;
/** On as many connections as there are requests at once; gRPC on one. Of 1000 rows, the queue has room for 14. */
const requestsOf = (rows) => (rows === 1 ? 16 : 14);
const overHttp1 = (rows) => ['--h1', '-c', requestsOf(rows), '-m', 1];
const overHttp2 = (rows) => ['-c', 1, '-m', requestsOf(rows)];

const forms = [
  { name: 'REST, instances, 1 row', options: overHttp1(1), path, body: bodyOf(1), headers: [json] },
  { name: 'REST, bytes, 1 row', ...toBytes(1) },
  { name: 'gRPC, bytes, 1 row', ...toCall(1) },
  { name: 'REST, bytes, 1000 rows', ...toBytes(1000) },
  { name: 'gRPC, bytes, 1000 rows', ...toCall(1000) },
];

function dataOf(rows) {
  return Buffer.from(Float32Array.from(Array.from({ length: rows }, (_, row) => instanceOf(row)).flat()).buffer);
}

function toBytes(rows) {
  const data = dataOf(rows);
  const tensor = { name: input.name, datatype: input.datatype, shape: [rows, ...input.shape.slice(1)] };
  const head = Buffer.from(
    JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [{ ...tensor, parameters: { binary_data_size: data.length } }],
    }),
  );
  const headers = [`inference-header-content-length: ${head.length}`];
  return { options: overHttp1(rows), path: inferPath, body: Buffer.concat([head, data]), headers };
}

function toCall(rows) {
  const shape = packedField(3, [rows, ...input.shape.slice(1)]);
  const tensor = Buffer.concat([textField(1, input.name), textField(2, input.datatype), shape]);
  const message = Buffer.concat([textField(1, card.name), bytesField(5, tensor), bytesField(7, dataOf(rows))]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return {
    options: overHttp2(rows),
    path: '/inference.GRPCInferenceService/ModelInfer',
    body: Buffer.concat([prefix, message]),
    headers: ['content-type: application/grpc', 'te: trailers'],
  };
}

function measure(port, { name, options, path: at, body, headers }) {
  const file = join(directory, 'body');
  writeFileSync(file, body);
  const fields = headers.flatMap((field) => ['-H', field]);
  const words = ['-D', seconds, '--warm-up-time=1', ...options, '-d', file, ...fields, `http://127.0.0.1:${port}${at}`];
  const { stdout, error } = spawnSync('h2load', words.map(String), { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`h2load cannot be started (Debian: nghttp2-client): ${error.message}`);
  const [, perSecond] = /finished in \S+, ([\d.]+) req\/s/.exec(stdout) ?? [];
  const isGood = / 0 4xx, 0 5xx/.test(stdout) && / 0 failed, 0 errored/.test(stdout);
  if (perSecond === undefined || !isGood) throw new Error(`${name} failed:\n${stdout}`);
  return Number(perSecond);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const cores = splitCores();
const server = nodeContenders.find(({ id }) => id === 'server');
await withServer(server, cores, async ({ port }) => {
  const figures = new Map(forms.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const form of forms) figures.get(form.name).push(measure(port, form));
  for (const [name, values] of figures) console.log(`${name.padEnd(26)} ${Math.round(median(values))} requests/s`);
  const ratio = (a, b) => median(figures.get(a).map((value, round) => value / figures.get(b)[round])).toFixed(2);
  const [instances, bytes, call, manyBytes, manyCall] = forms.map(({ name }) => name);
  console.log(`gRPC ÷ REST, 1 row: ${ratio(call, bytes)} of bytes, ${ratio(call, instances)} of instances`);
  console.log(`gRPC ÷ REST, 1000 rows: ${ratio(manyCall, manyBytes)}`);
});
