/** `node docs/bench/grpc.mjs [ROUNDS]`: calls of gRPC beside requests over HTTP/1.1, same host, same model, same load generator (h2load), and servers that only echo. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, instanceOf, path } from './bodies.mjs';
import { spawnChild } from './children.mjs';
import { nodeContenders, root } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { treeCpuSeconds } from './processor-time.mjs';
import { freePort, withServer } from './server-process.mjs';

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
  { name: 'echo of HTTP/1.1, 1 row', ...toBytes(1), server: 'echo' },
  { name: 'echo of a call, 1 row', ...toCall(1), server: 'call' },
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

/** Requests in a second, and microseconds of processor time for each. */
function measure({ port, pid }, { name, options, path: at, body, headers }) {
  const file = join(directory, 'body');
  writeFileSync(file, body);
  const fields = headers.flatMap((field) => ['-H', field]);
  const words = ['-D', seconds, '--warm-up-time=1', ...options, '-d', file, ...fields, `http://127.0.0.1:${port}${at}`];
  const before = treeCpuSeconds(pid);
  const { stdout, error } = spawnSync('h2load', words.map(String), { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`h2load cannot be started (Debian: nghttp2-client): ${error.message}`);
  const [, perSecond] = /finished in \S+, ([\d.]+) req\/s/.exec(stdout) ?? [];
  const isGood = / 0 4xx, 0 5xx/.test(stdout) && / 0 failed, 0 errored/.test(stdout);
  if (perSecond === undefined || !isGood) throw new Error(`${name} failed:\n${stdout}`);
  // Of the time to warm up, too, which has the same load.
  const requests = Number(perSecond) * (seconds + 1);
  return { perSecond: Number(perSecond), cpu: ((treeCpuSeconds(pid) - before) / requests) * 1e6 };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The server that echoes calls: it does not speak HTTP/1.1, so it is not a contender. */
async function startEchoOfCalls({ onServerCore }) {
  const port = await freePort();
  const script = join(root, 'docs/bench/peers/echo-call.cjs');
  const env = { ...process.env, PORT: String(port) };
  const { pid } = spawnChild(onServerCore([process.execPath, script]), { env, stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await isOpen(port))) await sleep(20);
  return { port, pid };
}

async function isOpen(port) {
  const socket = connect(port, '127.0.0.1');
  const [isConnected] = await Promise.race([
    once(socket, 'connect').then(() => [true]),
    once(socket, 'close').then(() => [false]),
  ]).catch(() => [false]);
  socket.destroy();
  return isConnected;
}

const cores = splitCores();
const contender = (wanted) => nodeContenders.find(({ id }) => id === wanted);
await withServer(contender('server'), cores, (server) =>
  withServer(contender('echo'), cores, async (echo) => {
    const servers = { server, echo, call: await startEchoOfCalls(cores) };
    const figures = new Map(forms.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const form of forms) figures.get(form.name).push(measure(servers[form.server ?? 'server'], form));
    for (const [name, values] of figures) {
      const [perSecond, cpu] = ['perSecond', 'cpu'].map((key) => median(values.map((value) => value[key])));
      console.log(
        `${name.padEnd(26)} ${perSecond.toFixed(0).padStart(6)} requests/s ${cpu.toFixed(1).padStart(7)} µs of processor time each`,
      );
    }
    const ratio = (a, b) => {
      const of = (key) => figures.get(a).map((value, round) => value[key] / figures.get(b)[round][key]);
      return `${median(of('perSecond')).toFixed(2)} (by processor time ${(1 / median(of('cpu'))).toFixed(2)})`;
    };
    const [echoed, echoedCall, instances, bytes, call, manyBytes, manyCall] = forms.map(({ name }) => name);
    console.log(`echoes, call ÷ HTTP/1.1: ${ratio(echoedCall, echoed)}`);
    console.log(`gRPC ÷ REST, 1 row: ${ratio(call, bytes)} of bytes, ${ratio(call, instances)} of instances`);
    console.log(`gRPC ÷ REST, 1000 rows: ${ratio(manyCall, manyBytes)}`);
  }),
);
