/** A tag becomes a release: the source as it was committed, the notes of its version, the image by its digest; another version is refused. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { projectDirectory } from '../processes';
import { run } from './commands';

const { name, version } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};
const tag = `v${version}`;
const release = (words: readonly string[], env: Record<string, string> = {}) =>
  run('bash', ['deploy/release.sh', ...words], env);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'release-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('The notes are those of the version', async () => {
  const { code, stdout } = await release(['notes', tag]);
  const [, others = ''] = readFileSync(join(projectDirectory, 'docs/changelog.md'), 'utf8').split(`## ${version}\n`);
  expect(code).toBe(0);
  expect(stdout.trim()).toBe(others.split('\n## ')[0]?.trim());
});

test('A tag of another version is refused, with the version that was expected', async () => {
  const { code, stdout, stderr } = await release(['pack', 'v999.0.0', directory]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(`release: expected the tag ${tag}, the version of package.json, got "v999.0.0"\n`);
});

// A tarball of the source is no repository.
const inRepository = existsSync(join(projectDirectory, '.git')) ? test : test.skip;

inRepository('The tarball holds what was committed, each time in the same bytes', async () => {
  const file = join(directory, `${name}-${version}.tar.gz`);
  await release(['pack', tag, directory]);
  const first = readFileSync(file);
  await release(['pack', tag, directory]);
  expect(readFileSync(file).equals(first)).toBe(true);
  const packed = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => /[^/]$/.test(path));
  const committed = execFileSync('git', ['ls-tree', '-r', '--name-only', 'HEAD'], {
    cwd: projectDirectory,
    encoding: 'utf8',
  });
  expect(packed.toSorted()).toEqual(
    committed
      .trim()
      .split('\n')
      .map((path) => `${name}-${version}/${path}`)
      .toSorted(),
  );
});

/** Takes the place of a docker that reaches a registry: it writes what it was asked. */
const docker = `#!/usr/bin/env bash
echo "$*" >>"$DOCKER_LOG"
case $1 in
  create) echo container ;;
  cp) touch "$3$(basename "$2")" ;;
  inspect) echo "ghcr.io/owner/flowers@sha256:0123" ;;
  login) cat >/dev/null ;;
  *) echo 'progress' ;;
esac
`;

test('The image is pushed under its version, and named by its digest', async () => {
  writeFileSync(join(directory, 'docker'), docker, { mode: 0o755 });
  const log = join(directory, 'log');
  const { code, stdout } = await release(['image', tag, directory], {
    PATH: `${directory}${delimiter}${process.env.PATH}`,
    DOCKER_LOG: log,
    GITHUB_REPOSITORY: 'Owner/Flowers',
    GITHUB_ACTOR: 'someone',
    GITHUB_TOKEN: 'secret-token',
  });
  expect([code, stdout]).toEqual([0, 'name=ghcr.io/owner/flowers\ndigest=sha256:0123\n']);
  const asked = readFileSync(log, 'utf8');
  expect(asked).toContain(`push ghcr.io/owner/flowers:${version}\n`);
  expect(asked).not.toContain('secret-token');
  expect(['sbom.cdx.json', 'THIRD-PARTY-NOTICES.txt'].filter((file) => !existsSync(join(directory, file)))).toEqual([]);
});

test('What may write is only what publishes, and each action is pinned', () => {
  const text = readFileSync(join(projectDirectory, '.github/workflows/release.yml'), 'utf8');
  const { permissions, jobs } = parse(text) as {
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, { readonly permissions?: object; readonly needs?: string }>>;
  };
  expect(permissions).toEqual({ contents: 'read' });
  expect(jobs.test?.permissions).toBeUndefined();
  expect(jobs.release?.needs).toBe('test');
  const uses = [...text.matchAll(/uses: (.+)/g)].map(([, used]) => used);
  expect(uses.filter((used) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used ?? ''))).toEqual([]);
});
