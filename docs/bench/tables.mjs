/** `npm run bench -- tables [ROWS]`: rows a second of a table that flows through the service, beside requests of JSON. */
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readNumbers, runCommand } from '../../deploy/command-line.mjs';
import { bodyOf, instanceOf, path } from './bodies.mjs';
import { nodeContenders, root } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { residentBytes } from './memory.mjs';
import { withServer } from './server-process.mjs';

const require = createRequire(import.meta.url);
const { endOfStream, toContinued } = require(join(root, 'dist/arrow/messages.js'));
const { writeStream } = require(join(root, 'dist/arrow/write-stream.js'));
const card = require(join(root, 'model/card.json'));

const rounds = 5;
const batchRows = 10_000;
/** Of one request with JSON: as many rows as the published table has. */
const requestRows = 50_000;
const bytesPerMb = 1e6;
const sampleMs = 50;

const [rows] = await runCommand(() => readNumbers(process.argv.slice(2), { ROWS: 1_000_000 }));

function batchOf(isFirst) {
  const type = { kind: 'float', bits: 32 };
  const columns = card.features.map(({ name }, feature) => {
    const values = Float32Array.from({ length: batchRows }, (_, row) => instanceOf(row)[feature]);
    return { name, type, buffers: [Buffer.from(values.buffer)] };
  });
  return toContinued(Buffer.concat(writeStream(columns, batchRows)), isFirst);
}

const [first, next] = [batchOf(true), batchOf(false)];
const lines = Buffer.from(Array.from({ length: batchRows }, (_, row) => `${instanceOf(row).join(',')}\n`).join(''));
const json = bodyOf(requestRows);

const repeat = function* (count, piece, start = piece, end = undefined) {
  for (let i = 0; i < count; i++) yield i === 0 ? start : piece;
  if (end !== undefined) yield end;
};

const forms = [
  {
    name: 'JSON, requests of 50 000 rows',
    async send(port) {
      for (let sent = 0; sent < rows; sent += requestRows) await post(port, 'application/json', [json]);
    },
  },
  {
    name: 'Arrow, one stream',
    send: (port) =>
      post(port, 'application/vnd.apache.arrow.stream', repeat(rows / batchRows, next, first, endOfStream)),
  },
  { name: 'CSV, one stream', send: (port) => post(port, 'text/csv', repeat(rows / batchRows, lines), 'text/csv') },
];

/** Sends a body piece by piece, and reads its answer meanwhile. */
function post(port, type, pieces, accept = '*/*') {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, method: 'POST', headers: { 'content-type': type, accept } });
    outgoing.on('error', reject).on('response', (incoming) => {
      incoming.resume().on('close', () => {
        if (incoming.statusCode === 200 && incoming.complete) resolve();
        else reject(new Error(`${type} was answered with ${incoming.statusCode}, and not to its end.`));
      });
    });
    send(outgoing, pieces).catch(reject);
  });
}

async function send(outgoing, pieces) {
  for (const piece of pieces)
    if (!outgoing.write(piece)) await new Promise((resolve) => outgoing.once('drain', resolve));
  outgoing.end();
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Rows a second, and the most memory that the server had meanwhile. */
async function measure({ port, pid }, form) {
  let bytes = 0;
  const timer = setInterval(() => {
    bytes = Math.max(bytes, residentBytes(pid));
  }, sampleMs);
  const startedAt = performance.now();
  await form.send(port);
  const seconds = (performance.now() - startedAt) / 1_000;
  clearInterval(timer);
  return { perSecond: rows / seconds, bytes };
}

const service = nodeContenders.find(({ id }) => id === 'server');
await withServer(service, splitCores(), async (server) => {
  const figures = new Map(forms.map((form) => [form, []]));
  for (const form of forms) await form.send(server.port);
  for (let round = 0; round < rounds; round++)
    for (const form of forms) figures.get(form).push(await measure(server, form));
  const perSecond = (form) => figures.get(form).map((each) => each.perSecond);
  for (const form of forms) {
    const ratios = perSecond(form).map((value, round) => value / perSecond(forms[0])[round]);
    const memory = Math.max(...figures.get(form).map(({ bytes }) => bytes)) / bytesPerMb;
    const speed = Math.round(median(perSecond(form)) / 1_000);
    console.log(
      `${form.name.padEnd(30)} ${speed} 000 rows/s, ${median(ratios).toFixed(2)} of JSON, at most ${memory.toFixed(0)} MB`,
    );
  }
});
