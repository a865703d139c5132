/** A deploy uploads what its build reads, and nothing else. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCard } from '../../src/model/card/card';
import { deployedDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { describeWithGcloud, run } from './commands';

const sources = readdirSync(join(projectDirectory, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(projectDirectory.length + 1));

const expected = [
  '.npmrc',
  'model/card.json',
  `model/${readCard(deployedDirectory).card.weights.file}`,
  'model/samples.json',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  ...sources,
].sort();

/** Patterns of an ignore file, comments left out. */
function readPatterns(path: string): string[] {
  const lines = readFileSync(join(projectDirectory, path), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

describe('The allow-list of .gcloudignore', () => {
  test('lets through what the build reads', async () => {
    // Git reads the same patterns; a repository without files makes all of them new.
    const repository = mkdtempSync(join(tmpdir(), 'git-'));
    await run('git', ['init', '--quiet', '--bare', repository]);
    const places = [`--git-dir=${repository}`, `--work-tree=${projectDirectory}`];
    const { stdout } = await run('git', [...places, 'ls-files', '--others', '--exclude-from=.gcloudignore']);
    rmSync(repository, { recursive: true });
    expect(stdout.split('\n').filter(Boolean).sort()).toEqual(expected);
  });

  // `gcloud functions deploy` asks for "." and for directories as if they were files, and uploads nothing otherwise.
  test('holds where directories are asked for as files', () => {
    const patterns = readPatterns('.gcloudignore');
    expect(patterns.slice(0, 2)).toEqual(['/*', '!.']);
    expect(patterns.filter((pattern) => pattern.endsWith('/'))).toEqual([]);
  });

  test('is that of the image, too', () => {
    const allowed = (path: string, root: string) =>
      readPatterns(path)
        .filter((pattern) => pattern.startsWith('!'))
        .map((pattern) => pattern.slice(1 + root.length));
    const uploaded = allowed('.gcloudignore', '/').filter(
      (pattern) => !['', 'model', 'model/candidate'].includes(pattern),
    );
    expect(allowed('deploy/Dockerfile.dockerignore', '')).toEqual(uploaded);
  });
});

describeWithGcloud('gcloud', () => {
  test('would upload the same files', async () => {
    const nobody = mkdtempSync(join(tmpdir(), 'nobody-'));
    const env = { HOME: nobody, CLOUDSDK_CONFIG: nobody };
    const { stdout } = await run('gcloud', ['meta', 'list-files-for-upload', '.'], env);
    rmSync(nobody, { recursive: true });
    expect(stdout.split('\n').filter(Boolean).sort()).toEqual(expected);
  });
});
