/** The usual mistakes of a first day: each is told in a line that says what to do, and shows no stack. */
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployedDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { type Outcome, run } from './create/command';

let checkout: string;

/** A checkout of a newcomer: what the commands read, with the packages linked in unless they are not installed yet. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'first day '));
  for (const path of ['package.json', '.npmrc', 'tsconfig.json', 'src', 'dist', 'deploy'])
    cpSync(join(projectDirectory, path), join(checkout, path), { recursive: true });
  cpSync(deployedDirectory, join(checkout, 'model'), { recursive: true, filter: (path) => !path.includes('training') });
  symlinkSync(join(projectDirectory, 'node_modules'), join(checkout, 'node_modules'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

const npm = (words: string, env: Record<string, string> = {}): Promise<Outcome> =>
  run('npm', ['--silent', ...words.split(' ')], { cwd: checkout, env: { PORT: '0', ...env } });

/** A command of the build without the compiler, which takes seconds and looks at no model. */
const node = (words: string, env: Record<string, string> = {}): Promise<Outcome> =>
  run(process.execPath, words.split(' '), { cwd: checkout, env: { PORT: '0', ...env } });

/** What a mistake prints: one line, and no place in our code. */
function expectLine(
  { code, stdout, stderr }: Outcome,
  line: string | RegExp,
  where: 'stdout' | 'stderr' = 'stderr',
): void {
  const text = { stdout, stderr }[where].trim();
  expect(text).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  expect(text).not.toMatch(/\n\s+at |node:internal/);
  expect(code).toBe(1);
}

const edit = (name: string, change: (text: string) => string) => {
  const path = join(checkout, 'model', name);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

const build = 'dist/commands/build/build.js';

describe('before anything is served', () => {
  test.each(['start', 'test', 'run start:server', 'run model -- check', 'run predict -- a b'])(
    '`npm %s` without packages',
    async (words) => {
      rmSync(join(checkout, 'node_modules'));
      expectLine(await npm(words), 'No packages are installed here: run `npm ci` first.');
    },
  );

  test('another Node.js is named, and the build goes on', async () => {
    const packageFile = join(checkout, 'package.json');
    writeFileSync(packageFile, readFileSync(packageFile, 'utf8').replace(/"node": ".*"/, '"node": "98.x || 99.x"'));
    const { code, stderr } = await npm('run build');
    expect([code, stderr.trim()]).toEqual([0, `Node.js ${process.versions.node} is not tested: expected 98 or 99.`]);
  });

  test('files with the line ends of Windows build, and serve', async () => {
    for (const name of ['card.json', 'samples.json']) edit(name, (text) => text.replaceAll('\n', '\r\n'));
    expect(await npm('run build')).toMatchObject({ code: 0 });
    expect(await node('dist/commands/model/main.js check --quick')).toMatchObject({ code: 0 });
  });

  test.each([
    ['PORT=eighty', { PORT: 'eighty' }, 'PORT is "eighty": expected an integer from 0 to 65535.'],
    ['a port with the line end of Windows', { PORT: '8080\r' }, /^PORT is "8080\\r": expected an integer/],
  ])('%s', async (_, env, line) => {
    expectLine(await node(build, env), line);
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await npm('start', { PORT: `${port}` });
    expect(stdout + stderr).toContain(
      `Port ${port} is taken (EADDRINUSE): stop the other process, or set PORT to a free port.`,
    );
    expect([code, stdout + stderr]).toEqual([1, expect.not.stringMatching(/\n\s+at /)]);
    other.close();
  });
});

describe('with a model of their own', () => {
  test.each(['model.onnx', 'samples.json', 'card.json'])('%s is missing', async (name) => {
    rmSync(join(checkout, 'model', name));
    expectLine(await node(build), new RegExp(`/model/${name} is missing: expected it `));
  });

  test.each(['model.onnx', 'samples.json', 'card.json'])('%s is a directory', async (name) => {
    rmSync(join(checkout, 'model', name));
    mkdirSync(join(checkout, 'model', name));
    expectLine(await node(build), new RegExp(`/model/${name} is a directory: expected a file\\.$`));
  });

  test('weights of a clone without Git LFS', async () => {
    writeFileSync(join(checkout, 'model', 'model.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
    expectLine(
      await node('dist/commands/model/main.js check'),
      /^FAULT weights +model\.onnx is a pointer of Git LFS: expected the \d+ bytes it stands for\. Run `git lfs pull`\.\n/,
      'stdout',
    );
  });

  test('a typo in the card', async () => {
    edit('card.json', (text) => text.replace('"intendedUse"', '"intendedUze"'));
    expectLine(await node(build), /there is no member "intendedUze" \(did you mean "intendedUse"\?\)/);
  });

  test('a comma that is missing', async () => {
    edit('card.json', (text) => text.replace('"version": "1",', '"version": "1"'));
    expectLine(await node(build), /\/model\/card\.json:5:3 is not JSON: /);
  });

  test('golden samples of before: `npm start` says so at once, and the check counts them', async () => {
    edit('card.json', (text) => text.replace('"versicolor"', '"versicolour"'));
    const started = run('npm', ['--silent', 'start'], {
      cwd: checkout,
      env: { PORT: '0' },
      onStart: (child) =>
        child.stdout?.on('data', (text) => {
          if (/"ERROR"/.test(text)) child.kill('SIGTERM');
        }),
    });
    expect((await started).stdout).toMatch(/The golden sample 0 is answered differently: expected \\"probabilities/);
    const { code, stdout } = await node('dist/commands/model/main.js check --quick');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^FAULT samples +150 of 150 do not match, first sample 0/m),
    ]);
  });

  test('a directory that holds no model', async () => {
    expectLine(
      await node('dist/commands/model/main.js check src'),
      /^FAULT card +\/.*\/src has no card\.json: `npm run model -- inspect FILE\.onnx --out DIRECTORY` drafts one\.\n\n1 fault/,
      'stdout',
    );
  });
});

describe('at the first deploy', () => {
  /** gcloud as it answers those who are not signed in. */
  const gcloud = `#!/bin/sh
[ "$1" = config ] && exit 0
echo "ERROR: (gcloud.run.deploy) You do not currently have an active account selected. Please run: gcloud auth login" >&2
exit 1
`;

  test.each([
    ['gcloud is not there', undefined, '', /^gcloud was not found: install it from https:/],
    ['no project is set', gcloud, '', 'No project is set: pass --project=ID, or run `gcloud config set project ID`.'],
    ['nobody is signed in', gcloud, ' --project=p', /gcloud auth login\ngcloud failed: expected exit code 0, got 1\.$/],
  ])('%s', async (_, program, words, line) => {
    const bin = join(checkout, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    if (program !== undefined) writeFileSync(join(bin, 'gcloud'), program, { mode: 0o755 });
    const place = { cwd: checkout, env: { PATH: program === undefined ? bin : `${bin}:/bin` } };
    const { code, stderr } = await run(
      process.execPath,
      ['deploy/main.mjs', 'function', ...words.split(' ').filter(Boolean)],
      place,
    );
    expect(stderr.trim()).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(code).not.toBe(0);
    expect(readdirSync(checkout)).toContain('model');
  });
});

test('the guide quotes what is said', () => {
  const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');
  const sources = [
    'src/http/json-body.ts',
    'src/model/acceptance/acceptance.ts',
    'src/commands/build/require-packages.mjs',
    'test/commands/command-line.test.ts',
    'model/training/packager/installed_test.py',
  ];
  const said = [__filename.slice(projectDirectory.length), ...sources].map(read).join('\n').replaceAll(/[\\`]/g, '');
  const quoted = [...read('docs/guides/first-run.md').matchAll(/^\| `([^`]+)`/gm)].map(([, text = '']) => text);
  expect(quoted.length).toBeGreaterThan(12);
  // The names of files, versions and ports are those of the moment.
  const parts = quoted.map((text) =>
    text.replace(/^.*(?= is missing| is not JSON| is not tested| has no sample| is taken)/, ''),
  );
  const fixed = parts.map((text) => text.replace(/: expected (it beside card\.json|20, 22, 24 or 26)\.$/, ''));
  // npm's own.
  expect(fixed.filter((text) => !said.includes(text) && text !== 'Could not read package.json')).toEqual([]);
});
