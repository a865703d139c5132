/** Graphs that hold the steps around a network, as the guide's programs write them, are served with the answers of the steps in Python. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readSamples, type Sample } from '../../src/model/acceptance/golden-samples';
import { startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';
import { expectAnswers } from './served-samples';

// The pins of the training environment, without scikit-learn.
const python = setUpPython(requirements.foreignModels);
const guide = readFileSync(join(projectDirectory, 'docs/guides/fusing.md'), 'utf8');
const drafts = [...guide.matchAll(/^npm run model -- inspect (\S+) --out model(.*)$/gm)].map(
  ([, file = '', options = '']) => ({ file, options: options.split(' ').filter((word) => word !== '') }),
);
const command = join(projectDirectory, 'dist/commands/model/main.js');
const work = mkdtempSync(join(tmpdir(), 'fusing-'));
afterAll(() => rmSync(work, { recursive: true }));

function runPython(program: string, step: 'guide' | 'cards'): void {
  const environment = { PYTHONPATH: join(projectDirectory, 'model/training'), PYTHONDONTWRITEBYTECODE: '1' };
  execFileSync(program, ['-m', 'fusing.complete', work, step], { env: environment, stdio: 'pipe' });
}

test('the guide drafts a card for each of its three files', () => {
  expect(drafts.map(({ file }) => file)).toEqual(['pixels.onnx', 'embedding.onnx', 'turned.onnx']);
});

describe('the files of the guide', () => {
  if ('missing' in python) {
    test.skip(`are not made: ${python.missing}`, () => undefined);
    return;
  }
  beforeAll(() => {
    runPython(python.python, 'guide');
    for (const { file, options } of drafts) {
      const out = join(work, basename(file, '.onnx'));
      execFileSync(process.execPath, [command, 'inspect', join(work, file), '--out', out, ...options]);
    }
    runPython(python.python, 'cards');
  });

  test.each(drafts)('$file is accepted and answers like the pipeline', async ({ file }) => {
    const directory = join(work, basename(file, '.onnx'));
    const { status, stdout } = spawnSync(process.execPath, [command, 'check', directory, '--quick'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^samples +all \d+ reproduced/m)]);
    expect(stdout).toMatch(/^rows +same results alone/m);
    const host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
    try {
      await expectAnswers(host, directory);
    } finally {
      await host.stop();
    }
  });

  test('the samples that the guide writes are those of the pipeline', () => {
    const written = readSamples(work);
    const expected = readSamples(join(work, 'pixels')).slice(0, written.length);
    const labelOf = ({ prediction }: Sample) => (prediction as { readonly label: string }).label;
    expect(written.length).toBeGreaterThan(0);
    expect(written.map(({ instance }) => instance)).toEqual(expected.map(({ instance }) => instance));
    expect(written.map(labelOf)).toEqual(expected.map(labelOf));
  });
});
