/** A deploy is refused before it starts when an instance cannot hold the weights. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDirectory } from '../model-files';
import { projectDirectory } from '../processes';

const root = mkdtempSync(join(tmpdir(), 'deploy-memory-'));
beforeAll(() => {
  for (const part of ['deploy', 'src/commands/command-line.cjs'])
    cpSync(join(projectDirectory, part), join(root, part), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

/** Says that the model, or its candidate, has so many bytes of weights. */
function weigh(place: string, megabytes: number, files: readonly number[] = []): void {
  const card = JSON.parse(readFileSync(join(modelDirectory, 'card.json'), 'utf8'));
  execFileSync('mkdir', ['-p', join(root, place)]);
  const others = files.map((each, i) => ({ file: `${i}.data`, sha256: '0'.repeat(64), bytes: each * 1e6 }));
  const weights = { ...card.weights, bytes: megabytes * 1e6, ...(others.length > 0 && { files: others }) };
  writeFileSync(join(root, place, 'card.json'), JSON.stringify({ ...card, weights }));
}

function deploy(...words: readonly string[]) {
  const options = ['deploy/deploy.mjs', 'function', '--project=a-project', '--dry-run', ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { cwd: root, encoding: 'utf8' });
  return { status, isPrinted: stdout.includes('gcloud'), stderr };
}

test('weights that fit are deployed without a word, with what their other files hold', () => {
  weigh('model', 50, [150]);
  expect(deploy()).toEqual({ status: 0, isPrinted: true, stderr: '' });
});

test('weights that may be too large are deployed with a warning', () => {
  weigh('model', 350);
  expect(deploy()).toEqual({
    status: 0,
    isPrinted: true,
    stderr: expect.stringContaining(
      '--memory is 512Mi, and the weights have 350 MB: that may be too little. `npm run model',
    ),
  });
  expect(deploy('--memory=1Gi').stderr).toBe('');
});

test('weights that cannot fit are refused, with the size that holds them', () => {
  weigh('model', 100, [400]);
  const refusal = '--memory is 512Mi, and the weights have 500 MB: expected at least 1Gi.\n';
  expect(deploy()).toEqual({ status: 2, isPrinted: false, stderr: expect.stringContaining(refusal) });
  expect(deploy('--memory=1Gi')).toEqual({ status: 0, isPrinted: true, stderr: '' });
});

test('a candidate beside the model counts, too', () => {
  weigh('model', 250);
  weigh('model/candidate', 250);
  expect(deploy()).toMatchObject({ status: 2, stderr: expect.stringContaining('the weights have 500 MB') });
});
