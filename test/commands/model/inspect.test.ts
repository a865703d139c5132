/** `npm run model -- inspect` makes a model directory of an ONNX file that is served once its card is complete. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost } from '../../hosts';
import { projectDirectory } from '../../processes';
import { run, work } from './command';

const fixtures = join(projectDirectory, 'test/fixtures/models');
afterAll(() => rmSync(work, { recursive: true }));

describe('an ONNX file', () => {
  const weights = join(fixtures, 'torch-network/model.onnx');
  const out = join(work, 'light');

  it('becomes a directory that is served once its card is complete', async () => {
    const inspected = await run('inspect', weights, '--out', out);
    expect(inspected).toMatchObject({ code: 0, errors: '' });
    expect(inspected.output).toMatch(/image FP32\[-1, 1, 6, 6\].*\n.*scores FP32\[-1, 3\] as scores/);

    const draft = await run('check', out);
    expect(draft.code).toBe(1);
    expect(draft.output).toMatch(/FAULT card +still marked TODO: \/title, .*\/features\/0\/description, \/labels\/0/);

    for (const name of ['card.json', 'samples.json']) {
      const path = join(out, name);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('TODO', 'Done'));
    }
    const checked = await run('check', out);
    expect(checked.output).not.toMatch(/FAULT/);
    expect(checked.code).toBe(0);
    expect(checked.output).toMatch(/samples +all 1 reproduced, .* 0\.0e\+0\n/);
    expect(checked.output).toMatch(/start +first prediction \d+ ms .*\n/);
    expect(checked.output).toMatch(/memory +\d+ MB used .*, \d+ MB at peak; no inference threads\n/);
    expect(checked.output).toMatch(/memory +fits a deploy of 512Mi, the default\n/);
    expect(checked.output).toMatch(/image: FP32\[1, 6, 6\]\n/);

    const host = await startHost('server.ts', { env: { MODEL_DIR: out } });
    const { samples } = JSON.parse(readFileSync(join(out, 'samples.json'), 'utf8')) as {
      samples: [{ instance: unknown; prediction: unknown }];
    };
    const { json } = await host.post('/predict', { instances: [samples[0].instance] });
    expect(json).toEqual({ predictions: [samples[0].prediction] });
    await host.stop();
  });

  it('is checked without being timed when that is enough', async () => {
    const { code, output } = await run('check', join(fixtures, 'torch-network'), '--quick');
    expect(code).toBe(0);
    expect(output).toMatch(/^samples +all \d+ reproduced/m);
    expect(output).not.toMatch(/^(run|start) /m);
  });

  it('of PyTorch is exported as the guide says', () => {
    const guide = readFileSync(join(projectDirectory, 'docs/guides/pytorch.md'), 'utf8').split('## By hand')[1] ?? '';
    const settings = [...guide.matchAll(/^ {4}(\w+=.*),$/gm)].map(([, setting]) => setting);
    const script = readFileSync(join(fixtures, 'make_torch.py'), 'utf8');
    expect(settings).toHaveLength(5);
    expect(settings.filter((setting) => !script.includes(`${setting},`))).toEqual([]);
  });

  it('does not replace a card unless it is told to', async () => {
    const again = await run('inspect', weights, '--out', out);
    expect([again.code, again.errors]).toEqual([2, expect.stringMatching(/card\.json exists; use --force/)]);
    expect((await run('inspect', weights, '--out', out, '--force')).code).toBe(0);
  });

  it('names the versions that it is written in', () => {
    const card = JSON.parse(readFileSync(join(out, 'card.json'), 'utf8')) as { weights: object };
    expect(card.weights).toMatchObject({ opset: 18, irVersion: 10 });
  });

  it.each([
    ['two-classes', 'classification', ['label', 'probabilities']],
    ['network', 'classification', ['label', 'probabilities']],
    ['labels-only', 'classification', ['label']],
    ['square', 'regression', ['value']],
    ['datatypes', 'tensors', Array(13).fill('tensor')],
  ])('of %s looks like %s', async (name, task, roles) => {
    const directory = join(work, name);
    expect(await run('inspect', join(fixtures, name, 'model.onnx'), '--out', directory)).toMatchObject({ code: 0 });
    const card = JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')) as {
      task: string;
      outputs: { role: string }[];
    };
    expect([card.task, card.outputs.map(({ role }) => role)]).toEqual([task, roles]);
  });
});

interface DraftedCard {
  readonly runs?: string;
  readonly inputs: readonly object[];
  readonly outputs: readonly { readonly shape: readonly number[] }[];
  readonly features: readonly object[];
}

describe('a file of another shape', () => {
  async function inspect(name: string, ...options: readonly string[]) {
    const directory = join(work, `${name}${options.length}`);
    const outcome = await run('inspect', join(fixtures, name, 'model.onnx'), '--out', directory, ...options);
    expect([outcome.code, outcome.errors]).toEqual([0, '']);
    const card = JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')) as DraftedCard;
    return { directory, card, output: outcome.output };
  }

  it.each<[string, string | undefined, readonly (readonly number[])[]]>([
    ['sentences', undefined, [[-1, 4]]],
    ['pictures', undefined, [[-1, 2, -1, -1]]],
    ['detections', 'single', [[-1, 5]]],
    ['voice', 'single', [[1], [2, 1, 4]]],
    ['distance', 'single', [[]]],
  ])('of %s is told to run on %s', async (name, runs, shapes) => {
    const { directory, card } = await inspect(name);
    expect([card.runs, card.outputs.map(({ shape }) => shape)]).toEqual([runs, shapes]);
    for (const file of ['card.json', 'samples.json']) {
      const path = join(directory, file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('TODO', 'Done'));
    }
    const { code, output } = await run('check', directory, '--quick');
    expect([code, output]).toEqual([0, expect.stringMatching(/^samples +all 1 reproduced/m)]);
  });

  it('runs on single instances when told to, and has a bound for sizes that callers choose', async () => {
    const { card, output } = await inspect('words', '--single');
    expect([card.runs, card.inputs]).toEqual([
      'single',
      [{ name: 'text', datatype: 'BYTES', shape: [-1], maxShape: [512] }],
    ]);
    expect(output).toMatch(/^note +text may have at most the sizes \[512\], a guess: --max text=…/m);
  });

  it('gets the sizes that are asked for', async () => {
    const { card, output } = await inspect('pictures', '--shape', 'image=-1,1,8,-1', '--max', 'image=-1,1,8,20');
    expect(card.inputs).toEqual([{ name: 'image', datatype: 'FP32', shape: [-1, 1, 8, -1], maxShape: [-1, 1, 8, 20] }]);
    expect(output).not.toMatch(/^note/m);
    const fixed = await inspect('pictures', '--shape=image=-1,1,8,9');
    expect(fixed.card.outputs.map(({ shape }) => shape)).toEqual([[-1, 2, 8, 9]]);
  });

  it.each([
    [
      ['--shape', 'image=-1,1,8'],
      1,
      /input image has the shape \[.*\]: expected as many sizes, the same where they are fixed, got \[-1, 1, 8\]/,
    ],
    [['--shape', 'picture=-1,1,8,8'], 1, /no input picture: expected one of image/],
    [['--max', 'image'], 2, /--max: expected the name of an input and its sizes, as in x=-1,3,48,192 .* got "image"/],
  ] as const)('%j is refused', async (options, code, message) => {
    const refused = await run('inspect', join(fixtures, 'pictures/model.onnx'), '--out', join(work, 'no'), ...options);
    expect([refused.code, refused.errors]).toEqual([code, expect.stringMatching(message)]);
  });

  it('is checked with the largest instance that its card allows', async () => {
    const { output } = await run('check', join(fixtures, 'pictures'));
    expect(output).toMatch(/^sizes +image \[-1, 1, 32, 32\] in [\d.]+ ms, with \d+ MB of memory/m);
  });
});
