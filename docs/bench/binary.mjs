/** CPU time of a request of 1 000 rows beyond the model's own run: as JSON instances, as JSON tensors, as bytes. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bodyOf } from './bodies.mjs';
import { root } from './contenders.mjs';

const require = createRequire(import.meta.url);
const rows = 1_000;
const warmUps = 200;
const requests = 50;
const turns = 25;

/** Runs in this process: the parts that sockets cost are the same for every form. */
export async function measureForms({ measurements, say }) {
  say('forms of a request');
  const { createApp } = require(join(root, 'dist/app/app.js'));
  const { readConfig } = require(join(root, 'dist/config.js'));
  const { predictTensors, readInstances } = require(join(root, 'dist/serving/data-plane.js'));
  const app = createApp(readConfig({ LOG_REQUESTS: 'none' }));
  await app.model.load();
  const forms = createForms(app.model.card);
  const { instances } = JSON.parse(bodyOf(rows).toString());
  const tensors = await readInstances(app.model, { instances, pointer: '' }, toCaller());
  const works = [
    ['model-alone', () => predictTensors(app.model, tensors, toCaller())],
    ...forms.map(({ id, request }) => [id, () => answer(app, request)]),
  ];
  for (const [, work] of works) await repeat(work, warmUps);
  // Many short turns: the difference of two long ones is mostly what else the machine did.
  for (let turn = 0; turn < turns; turn++) {
    const own = await cpuSeconds(works[0][1]);
    for (const [id, work] of works.slice(1)) measurements.add('cpu beyond the run', id, (await cpuSeconds(work)) - own);
  }
  await app.model.release();
}

function createForms({ name, inputs: [input] }) {
  const { instances } = JSON.parse(bodyOf(rows).toString());
  const { name: tensor, datatype, shape } = input;
  const path = `/v2/models/${name}/infer`;
  const described = { name: tensor, datatype, shape: [rows, ...shape.slice(1)] };
  const bytes = Buffer.from(Float32Array.from(instances.flat()).buffer);
  const head = Buffer.from(
    JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [{ ...described, parameters: { binary_data_size: bytes.length } }],
    }),
  );
  return [
    { id: 'json-instances', request: toRequest('/predict', bodyOf(rows)) },
    {
      id: 'json-tensors',
      request: toRequest(path, Buffer.from(JSON.stringify({ inputs: [{ ...described, data: instances.flat() }] }))),
    },
    {
      id: 'bytes',
      request: toRequest(path, Buffer.concat([head, bytes]), {
        'inference-header-content-length': String(head.length),
      }),
    },
  ];
}

function toRequest(path, body, headers = { 'content-type': 'application/json' }) {
  return () => ({
    method: 'POST',
    path,
    headers,
    body,
    ...toCaller(),
  });
}

function toCaller() {
  return { isGone: () => false, event: { version: '', startedAt: 0, readAt: 0, rows: 0 } };
}

async function answer(app, request) {
  const { status, body } = await app.handle(request());
  if (status !== 200) throw new Error(`Answered ${status}: ${body}`);
}

async function cpuSeconds(work) {
  const before = process.cpuUsage();
  await repeat(work, requests);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / requests;
}

async function repeat(work, times) {
  for (let time = 0; time < times; time++) await work();
}
