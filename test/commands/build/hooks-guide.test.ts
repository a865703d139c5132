/** The hooks that the guide prints, built by a build and by a deploy, do what it says of them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { copyFiles } from '../../copy-files';
import { startHost } from '../../hosts';
import { projectDirectory } from '../../processes';
import { run as runModel } from '../model/command';

const directory = mkdtempSync(join(tmpdir(), 'hooks-guide-'));
const model = join(directory, 'model');
const guide = readFileSync(join(projectDirectory, 'docs/guides/images.md'), 'utf8');
const [classifier = '', detector = ''] = Array.from(guide.matchAll(/```ts\n(.*?)```/gs), ([, text]) => text);

function run(program: string, ...words: readonly string[]): string {
  const { PATH, HOME } = process.env;
  return execFileSync(program, words, { cwd: directory, env: { PATH, HOME }, encoding: 'utf8', stdio: 'pipe' });
}

beforeAll(() => {
  for (const path of ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'src'])
    cpSync(join(projectDirectory, path), join(directory, path), { recursive: true });
  run('cp', '-al', join(projectDirectory, 'node_modules'), 'node_modules');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Gives the model these hooks, and golden samples in the terms of its callers. */
function addHooks(source: string, properties: object, samples: readonly object[]): void {
  writeFileSync(join(model, 'hooks.ts'), source);
  const sha256 = createHash('sha256').update(source).digest('hex');
  const card = JSON.parse(readFileSync(join(model, 'card.json'), 'utf8'));
  const hooks = {
    file: 'hooks.ts',
    sha256,
    instance: { type: 'object', properties, required: Object.keys(properties) },
    prediction: {},
  };
  writeFileSync(join(model, 'card.json'), JSON.stringify({ ...card, hooks }));
  writeFileSync(join(model, 'samples.json'), JSON.stringify({ samples }));
}

const start = (env: Readonly<Record<string, string>> = {}) =>
  startHost('server.ts', { cwd: directory, env: { MODEL_DIR: model, ...env } });

const side = 6;
/** One row or column is bright. */
const pictures = [0, 2, 5].map((bright) =>
  Array.from({ length: side * side }, (_, i) => (i % side === bright ? 230 : 20 + (i % 7))),
);
const rgba = (picture: readonly number[]) => Buffer.from(picture.flatMap((value) => [value, value, value, 255]));

function toPng(picture: readonly number[], width = side, height = side): string {
  const png = new PNG({ width, height });
  rgba(picture).copy(png.data);
  return PNG.sync.write(png).toString('base64');
}

const toJpeg = (picture: readonly number[]) =>
  encode({ width: side, height: side, data: rgba(picture) }, 100).data.toString('base64');

test('the classifier takes PNG and JPEG in base64, and answers as the network does', async () => {
  copyFiles(join(projectDirectory, 'test/fixtures/models/torch-network'), model);
  const plain = await startHost('server.ts', { env: { MODEL_DIR: model } });
  const tensors = pictures.map((picture) => [
    [Array.from({ length: side }, (_, y) => picture.slice(y * side, (y + 1) * side).map((value) => value / 255))],
  ]);
  const { predictions } = (await plain.post('/predict', { instances: tensors })).json as {
    predictions: { label: string }[];
  };
  await plain.stop();

  const images = pictures.map((picture) => ({ image: toPng(picture) }));
  addHooks(
    classifier,
    { image: { type: 'string' } },
    images.map((instance, i) => ({ instance, prediction: predictions[i] })),
  );
  run('npm', 'run', 'build');
  const host = await start();
  expect((await host.post('/predict', { instances: images })).json).toEqual({ predictions });
  const jpegs = pictures.map((picture) => ({ image: toJpeg(picture) }));
  const answers = (await host.post('/predict', { instances: jpegs })).json as { predictions: { label: string }[] };
  expect(answers.predictions.map(({ label }) => label)).toEqual(predictions.map(({ label }) => label));

  const wide = new PNG({ width: 1, height: 1 });
  const bomb = PNG.sync.write(wide);
  bomb.writeUInt32BE(100_000, 16);
  bomb.writeUInt32BE(100_000, 20);
  for (const [image, detail] of [
    ['AAAA', /expected a PNG or JPEG file in base64/],
    ['', /expected a PNG or JPEG file in base64/],
    [toPng(pictures[0] as number[]).slice(0, 80), /expected a PNG or JPEG file in base64/],
    [toPng(Array(16).fill(1), 4, 4), /expected an image of 6 by 6 pixels, got 4 by 4/],
    [bomb.toString('base64'), /more than 1000000 pixels/],
  ] as const) {
    const { status, json } = await host.post('/predict', { instances: [images[0], { image }] });
    const [fault] = (json as { errors: { pointer: string; detail: string }[] }).errors;
    expect([status, fault?.pointer]).toEqual([422, '/instances/1/image']);
    expect(fault?.detail).toMatch(detail);
  }
  await host.stop();
});

interface Detection {
  readonly box: readonly [number, number, number, number];
  readonly score: number;
}

test('the detector, deployed, keeps the best of the boxes that overlap', async () => {
  rmSync(model, { recursive: true });
  await runModel('inspect', join(projectDirectory, 'test/fixtures/fixed/detector.onnx'), '--out', model);
  const image = (seed: number) => [
    Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (__, x) => Math.sin(seed * 31 + x * 3 + y * 5))),
  ];
  const zeros = [Array.from({ length: 8 }, () => Array(8).fill(0))];
  const half = { box: [0.5, 0.5, 0.5, 0.5], score: 0.5 };
  addHooks(detector, { image: { type: 'array' } }, [
    { instance: { image: zeros }, prediction: { detections: [half] } },
  ]);
  run('npm', 'run', 'gcp-build');
  run('npm', 'prune', '--omit=dev', '--ignore-scripts', '--offline');
  const host = await start();
  const images = Array.from({ length: 20 }, (_, i) => image(i));
  const { predictions } = (await host.post('/predict', { instances: images.map((each) => ({ image: each })) }))
    .json as {
    predictions: { detections: Detection[] }[];
  };
  const { json } = await host.post('/v2/models/detector/infer', {
    inputs: [{ name: 'image', datatype: 'FP32', shape: [20, 1, 8, 8], data: images.flat(3) }],
  });
  const { outputs } = json as { outputs: [{ data: number[] }] };
  let dropped = 0;
  for (const [i, { detections }] of predictions.entries()) {
    const all = Array.from({ length: 16 }, (_, at) => outputs[0].data.slice((16 * i + at) * 5, (16 * i + at + 1) * 5));
    const found = all
      .filter(([, , , , score = 0]) => score >= 0.3)
      .map(([x, y, w, h, score]) => ({ box: [x, y, w, h], score }) as Detection);
    expect(detections.length).toBeGreaterThan(0);
    dropped += found.length - detections.length;
    // What is kept does not overlap, and what is not kept overlaps with something better that is.
    for (const one of detections) {
      expect(found).toContainEqual(one);
      expect(detections.filter((other) => other !== one && overlap(one, other) > 0.5)).toEqual([]);
    }
    const isKept = (each: Detection) => detections.some(({ score }) => score === each.score);
    for (const each of found.filter((box) => !isKept(box)))
      expect(detections.some((better) => better.score >= each.score && overlap(better, each) > 0.5)).toBe(true);
  }
  expect(dropped).toBeGreaterThan(10);
  await host.stop();
});

function overlap(one: Detection, other: Detection): number {
  const [area, otherArea] = [one.box[2] * one.box[3], other.box[2] * other.box[3]];
  const shared = [0, 1].map((axis) => {
    const ends = [one, other].map(({ box }) => (box[axis] as number) + (box[axis + 2] as number) / 2);
    const starts = [one, other].map(({ box }) => (box[axis] as number) - (box[axis + 2] as number) / 2);
    return Math.max(0, Math.min(...ends) - Math.max(...starts));
  });
  const both = (shared[0] as number) * (shared[1] as number);
  return both / (area + otherArea - both);
}
