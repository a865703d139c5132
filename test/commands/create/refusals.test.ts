/** `npm run create` refuses what it cannot make with one line, and leaves nothing half-made behind. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../../processes';
import { create, empty, isThere, main, readText, run } from './command';

let cwd: string;
beforeEach(() => {
  cwd = empty();
});
afterEach(() => rmSync(cwd, { recursive: true }));

const hashOfNothing = createHash('sha256').digest('hex');
const bare = ['--no-install', '--yes'];

describe('a wrong word ends it with 2 and a line that says what is expected', () => {
  test.each([
    ['', 'Expected a directory for the project, got none: npm run create -- DIRECTORY'],
    ['a b', 'Expected [DIRECTORY], got "a" "b".'],
    ['taken', /taken is not empty: expected a new directory, found notes.txt in it\./],
    ['file', /file is a file: expected a directory to make\./],
    ['a --nmae=x', /Unknown option '--nmae': expected --onnx, --trust-pickle, .*--name/],
    [
      'a --name=ä',
      '--name is "ä": expected up to 128 letters, digits, "-", "_" and ".", starting with a letter or digit.',
    ],
    ['a --hosts=lambda', '--hosts has "lambda": expected function, service, with commas between them.'],
    ['a --hosts=', '--hosts is empty: expected a value.'],
    ['a --protocols=mpc', /--protocols has "mpc": expected bigquery, cloud-events, invocations, mcp, .* or none\./],
    ['a --onnx=gone.onnx', '--onnx: gone.onnx does not exist.'],
    ['a --onnx=taken', '--onnx: expected a file, taken is a directory.'],
    ['a --onnx=empty.onnx', '--onnx: expected an ONNX file, empty.onnx is empty.'],
    ['a --onnx=torch.pt', /torch\.pt is a ZIP archive, as PyTorch and Keras save models\./],
    ['a --onnx=page.onnx', /page\.onnx is an HTML page, download the file behind it\./],
    ['a --onnx=notes.onnx', /notes\.onnx is a text\./],
    ['a --onnx=packed.onnx', /packed\.onnx is compressed by gzip, unpack it first\./],
    ['a --onnx=lite.onnx', /lite\.onnx is a TensorFlow Lite file\./],
    ['a --onnx=weights.onnx', /weights\.onnx is a safetensors file, which holds weights without a model\./],
    ['a --onnx=lfs.onnx', /lfs\.onnx is a pointer of Git LFS, run `git lfs pull`\./],
    ['a --onnx=model.pkl', 'model.pkl is a pickle, and loading it runs code from it: pass it by --trust-pickle.'],
    ['a --onnx=', '--onnx is empty: expected a value.'],
    ['a --onnx=torch.pt --sample=file', '--sample is of a pickle: expected --trust-pickle, got --onnx.'],
    ['a --trust-pickle=model.pkl', 'Expected a file for --sample, got none.'],
    ['upgrade', /Expected the directory of a project, with its \.onnx-predict\.json; there is none in /],
  ])('npm run create -- %s', async (words, line) => {
    mkdirSync(join(cwd, 'taken'));
    const files = {
      'empty.onnx': '',
      'torch.pt': 'PK\u0003\u0004',
      'page.onnx': '<!doctype html>',
      'notes.onnx': 'Weights: ask Zo\u00eb.\n',
      'packed.onnx': '\u001f\u008b\b\0',
      'lite.onnx': '\u001c\0\0\0TFL3\0\0',
      'weights.onnx': '\u0040\0\0\0\0\0\0\0{"__metadata__":',
      'model.pkl': '\u0080',
    };
    const lfs = 'version https://git-lfs.github.com/spec/v1\n';
    for (const [name, text] of Object.entries({ ...files, 'lfs.onnx': lfs, file: '', 'taken/notes.txt': '' }))
      writeFileSync(join(cwd, name), text, 'latin1');
    const before = readdirSync(cwd);
    const { code, stdout, stderr } = await create(words.split(' ').filter(Boolean), { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd()).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(readdirSync(cwd)).toEqual(before);
  });
});

test('the repository begins on the branch that its workflow runs on, whatever Git is set to', async () => {
  const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'init.defaultBranch', GIT_CONFIG_VALUE_0: 'trunk' };
  await create(['shop', ...bare], { cwd, env });
  const { stdout } = await run('git', ['symbolic-ref', 'HEAD'], { cwd: join(cwd, 'shop') });
  expect(stdout).toBe('refs/heads/main\n');
  expect(readText(cwd, 'shop/.github/workflows/ci.yml')).toContain('branches: [main]');
});

test.each([
  [
    'a later version',
    { version: '9.0.0' },
    /^The project is of 9\.0\.0, and this is .*: expected the tarball of 9\.0\.0 or a later one\.$/,
    2,
  ],
  [
    'a path that leads out of the project',
    { files: { '../notes.txt': hashOfNothing } },
    /cannot be read as what create wrote/,
    1,
  ],
  ['no answers', { answers: {} }, /cannot be read as what create wrote/, 1],
])('an upgrade refuses a record with %s, and changes nothing', async (_, changed, line, expected) => {
  await create(['shop', ...bare], { cwd });
  writeFileSync(join(cwd, 'notes.txt'), '');
  const path = join(cwd, 'shop/.onnx-predict.json');
  const record = JSON.parse(readText(path)) as { readonly files: object };
  const files = { ...record.files, ...('files' in changed ? changed.files : {}) };
  writeFileSync(path, JSON.stringify({ ...record, ...changed, files }));
  const { code, stderr } = await create(['upgrade', 'shop', '--write'], { cwd });
  expect([code, stderr.trimEnd()]).toEqual([expected, expect.stringMatching(line)]);
  expect(isThere(cwd, 'notes.txt')).toBe(true);
});

test('capitals and spaces stay in the directory, and leave the names of package and model', async () => {
  const { code, stdout } = await create(['My Boats (2)', ...bare], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("cd 'My Boats (2)'");
  expect(JSON.parse(readText(cwd, 'My Boats (2)', 'package.json'))).toMatchObject({ name: 'my-boats-2' });
  expect(JSON.parse(readText(cwd, 'My Boats (2)', 'model/card.json'))).toMatchObject({ name: 'my-boats-2' });
});

test('an empty repository becomes the project, and what a killed run has left is replaced', async () => {
  mkdirSync(join(cwd, 'shop/.git'), { recursive: true });
  mkdirSync(join(cwd, '.shop.creating/src'), { recursive: true });
  writeFileSync(join(cwd, '.shop.creating/src/half.ts'), '');
  const { code } = await create(['.', ...bare], { cwd: join(cwd, 'shop') });
  expect([code, readdirSync(cwd), isThere(cwd, 'shop/src/half.ts')]).toEqual([0, ['shop'], false]);
  expect(isThere(cwd, 'shop/package.json')).toBe(true);
});

test('without Git the project is a plain directory, and a line says so', async () => {
  symlinkSync(process.execPath, join(cwd, 'node'));
  const { code, stderr } = await create(['shop', ...bare], { cwd, env: { PATH: cwd } });
  expect([code, stderr]).toEqual([0, 'Git was not found: the project is a directory without a history.\n']);
  expect(isThere(cwd, 'shop/.git')).toBe(false);
});

test('without a network nothing is left, and the line names the way without', async () => {
  const env = {
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_cache: join(cwd, 'cache'),
    npm_config_fetch_retries: '0',
    npm_config_offline: 'true',
  };
  const { code, stderr } = await create(['shop', '--yes'], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^`npm ci .*` failed, and nothing was created\. Without a network, pass --no-install\./m);
  expect(readdirSync(cwd).filter((name) => name !== 'cache')).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'an installation that %s interrupts leaves nothing',
  async (signal) => {
    const { code, stderr } = await create(['shop', '--yes'], {
      cwd,
      onStart: (child) => child.stderr?.once('data', () => child.kill(signal)),
    });
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([130, 'Interrupted: nothing was created.']);
    expect(readdirSync(cwd)).toEqual([]);
  },
);

test('without an installation an ONNX file is left to inspect, and the example is served until then', async () => {
  const file = join(projectDirectory, 'test/fixtures/models/two-classes/model.onnx');
  const { code, stdout } = await create(['shop', '--onnx', file, ...bare], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain(`    npm ci\n    npm run model -- inspect ${file} --out model --force\n    npm start\n`);
});

test('on a terminal it asks, says what is wrong with an answer, and asks again', async () => {
  const answers = ['shop', '', 'what?', 'Boats', 'lambda', 'service', 'mcp', ''].join('\n');
  const command = `${process.execPath} ${main} --no-install`;
  const { code, stdout } = await run('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    input: answers,
  });
  expect([code, stdout.match(/expected [^.]*\./g)?.length]).toEqual([0, 2]);
  const { answers: kept } = JSON.parse(readText(cwd, 'shop/.onnx-predict.json')) as { answers: object };
  expect(kept).toEqual({ name: 'Boats', hosts: ['service'], protocols: ['mcp'], hasPackager: false });
});
