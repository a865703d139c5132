/** `npm run model -- adapt` changes the sizes of an ONNX file when runs prove that its answers stay the same. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../../hosts';
import { projectDirectory } from '../../processes';
import { run } from './command';

const files = join(projectDirectory, 'test/fixtures/fixed');
const work = mkdtempSync(join(tmpdir(), 'adapt-'));
afterAll(() => rmSync(work, { recursive: true }));

const adapt = (name: string, out: string, ...options: readonly string[]) =>
  run('adapt', join(files, `${name}.onnx`), join(work, out), ...options);
const inspect = (file: string, ...options: readonly string[]) =>
  run('inspect', join(work, file), '--out', join(work, `${file}-model`), ...options);

test.each([
  ['declared', 'edges FP32[-1, 2, 4, 4]'],
  ['reshaped', 'rows FP32[-1, 8, 4]'],
])('the fixed batch of %s becomes free, and rows share runs then', async (name, output) => {
  const adapted = await adapt(name, `${name}.onnx`);
  expect(adapted).toMatchObject({ code: 0, errors: '' });
  expect(adapted.output).toContain('image [1, 1, 4, 4] → [rows, 1, 4, 4]');
  expect(adapted.output).toMatch(/proven +by 6 runs .*, largest difference 0\.0e\+0/);
  const inspected = await inspect(`${name}.onnx`);
  expect(inspected.output).toContain('image FP32[-1, 1, 4, 4]');
  expect(inspected.output).toContain(output);
  expect(inspected.output).toContain('runs      on rows');
});

test('what is adapted answers each of many rows as the original answers it alone', async () => {
  await adapt('reshaped', 'served.onnx');
  await inspect('served.onnx');
  const original = join(work, 'original');
  expect((await run('inspect', join(files, 'reshaped.onnx'), '--out', original)).code).toBe(0);
  const image = (seed: number) => [
    Array.from({ length: 4 }, (_, y) => Array.from({ length: 4 }, (__, x) => Math.sin(seed + 3 * x + y))),
  ];
  const instances = [1, 2, 3, 4, 5].map((seed) => [image(seed)]);
  const answers = [];
  for (const MODEL_DIR of [original, join(work, 'served.onnx-model')]) {
    const host = await startHost('server.ts', { env: { MODEL_DIR } });
    answers.push((await host.post('/predict', { instances })).json);
    await host.stop();
  }
  const flat = answers.map((answer) =>
    JSON.stringify((answer as { predictions: unknown }).predictions).match(/-?[\d.e-]+/g),
  );
  expect(flat[0]).toHaveLength(5 * 32);
  expect(flat[1]).toEqual(flat[0]);
});

test('other sizes are freed and fixed by input', async () => {
  const freed = await adapt('declared', 'any-size.onnx', '--shape', 'image=-1,1,-1,-1');
  expect(freed.output).toContain('→ [rows, 1, image_2, image_3]');
  expect((await inspect('any-size.onnx')).output).toContain('image FP32[-1, 1, -1, -1]');
  const fixed = await adapt('free', 'one-size.onnx', '--shape', 'image=-1,1,8,6');
  expect(fixed.output).toContain('→ [rows, 1, 8, 6]');
  expect((await inspect('one-size.onnx')).output).toContain('edges FP32[-1, 2, 8, 6]');
});

test.each([
  ['mixed', [], "its answers differ from the original's by .*, so rows influence each other"],
  ['state', ['--shape', 'x=-1,3'], 'an output does not have one row for each run'],
  ['state', [], 'The first sizes 1 and 2 differ, so not all count rows: .* --shape x=-1,…'],
  ['free', [], 'There is nothing to adapt: the inputs are image \\[-1, 1, -1, -1\\] already'],
  ['declared', ['--shape', 'picture=-1,1,4,4'], 'There is no input picture: expected one of image'],
  [
    'declared',
    ['--shape', 'image=-1,1,5,4'],
    'image has the shape \\[1, 1, 4, 4\\]: expected .* got \\[-1, 1, 5, 4\\]',
  ],
] as const)('%s with %p is refused with the reason, and nothing is written', async (name, options, reason) => {
  const { code, errors } = await adapt(name, 'refused.onnx', ...options);
  expect(code).toBe(1);
  expect(errors).toMatch(new RegExp(reason));
  expect(errors).not.toMatch(/\n +at /);
  expect([existsSync(join(work, 'refused.onnx')), existsSync(join(work, 'refused.onnx.trial.onnx'))]).toEqual([
    false,
    false,
  ]);
});

test('a file is neither replaced unasked nor written over itself, and must be ONNX', async () => {
  const taken = join(work, 'taken.onnx');
  writeFileSync(taken, 'mine');
  expect(await adapt('declared', 'taken.onnx')).toMatchObject({
    code: 2,
    errors: expect.stringContaining('exists; use --force to replace it'),
  });
  expect(readFileSync(taken, 'utf8')).toBe('mine');
  expect(await run('adapt', taken, taken)).toMatchObject({
    code: 2,
    errors: expect.stringContaining('Expected another file'),
  });
  expect((await run('adapt', taken, join(work, 'other.onnx'))).errors).toContain('is a text: expected an ONNX file');
  expect((await run('adapt', taken)).code).toBe(2);
});
