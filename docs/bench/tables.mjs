/** `npm run bench -- tables [ROWS]`: rows that a second of the service's processor answers, of a table that flows through it and of requests with JSON. */
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readNumbers, runCommand } from '../../src/commands/command-line.cjs';
import { bodyOf, instanceOf, modelDirectory, path } from './bodies.mjs';
import { nodeContenders, root } from './contenders.mjs';
import { splitCores } from './cores.mjs';
import { residentBytes } from './memory.mjs';
import { treeCpuSeconds } from './processor-time.mjs';
import { withServer } from './server-process.mjs';

const require = createRequire(import.meta.url);
const { endOfStream, toContinued } = require(join(root, 'dist/arrow/messages.js'));
const { writeStream } = require(join(root, 'dist/arrow/write-stream.js'));
const card = require(join(modelDirectory, 'card.json'));

const rounds = 3;
const batchRows = 10_000;
/** Of one request with JSON: as many rows as the published table has. */
const requestRows = 50_000;
const bytesPerMb = 1e6;
const sampleMs = 50;

const service = nodeContenders.find(({ id }) => id === 'server');
const cores = splitCores();
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
const arrays = bodyOf(requestRows);
const names = card.features.map(({ name }) => name);
const objects = bodyOf(requestRows, {
  write: (instances) => ({
    instances: instances.map((row) => Object.fromEntries(Object.values(row).map((value, i) => [names[i], value]))),
  }),
});

async function postAll(port, count, body) {
  for (let sent = 0; sent < count; sent += requestRows) await post(port, 'application/json', [body]);
}

const repeat = function* (count, piece, start = piece, end = undefined) {
  for (let i = 0; i < count; i++) yield i === 0 ? start : piece;
  if (end !== undefined) yield end;
};

const forms = [
  {
    name: 'JSON, objects, requests of 50 000 rows',
    send: (port, count) => postAll(port, count, objects),
  },
  { name: 'JSON, arrays, requests of 50 000 rows', send: (port, count) => postAll(port, count, arrays) },
  {
    name: 'Arrow, one stream',
    send: (port, count) =>
      post(port, 'application/vnd.apache.arrow.stream', repeat(count / batchRows, next, first, endOfStream)),
  },
  {
    name: 'CSV, one stream',
    send: (port, count) => post(port, 'text/csv', repeat(count / batchRows, lines), 'text/csv'),
  },
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

/** The most memory that the server has while it works. */
async function watchMemory(pid, work) {
  let bytes = 0;
  const timer = setInterval(() => {
    bytes = Math.max(bytes, residentBytes(pid));
  }, sampleMs);
  await work();
  clearInterval(timer);
  return bytes;
}

/** Of servers of their own: what one form has taken, another would count. */
async function measure(form) {
  return withServer(service, cores, async ({ port, pid }) => {
    await form.send(port, rows / 10);
    const before = treeCpuSeconds(pid);
    const bytes = await watchMemory(pid, () => form.send(port, rows));
    return { perSecond: rows / (treeCpuSeconds(pid) - before), bytes };
  });
}

const figures = new Map(forms.map((form) => [form, []]));
for (let round = 0; round < rounds; round++) for (const form of forms) figures.get(form).push(await measure(form));
const perSecond = (form) => figures.get(form).map((each) => each.perSecond);
for (const form of forms) {
  const ratios = perSecond(form).map((value, round) => value / perSecond(forms[0])[round]);
  const memory = median(figures.get(form).map(({ bytes }) => bytes)) / bytesPerMb;
  const speed = Math.round(median(perSecond(form)) / 1_000);
  console.log(`| ${form.name} | ${speed} 000 | ${median(ratios).toFixed(2)} | ${memory.toFixed(0)} |`);
}
