/** `npm run create` refuses what it cannot make with one line, and leaves nothing half-made behind. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../../processes';
import { create, empty, isThere, main, readText, run } from './command';

let cwd: string;
beforeEach(() => {
  cwd = empty();
});

const bare = ['--no-install', '--yes'];

describe('a wrong word ends it with 2 and a line that says what is expected', () => {
  test.each([
    ['', 'Expected a directory for the project, got none: npm run create -- DIRECTORY'],
    ['a b', 'Expected one directory, got "a" and "b".'],
    ['taken', /taken is not empty: expected a new directory, found notes.txt in it\./],
    ['file', /file is a file: expected a directory to make\./],
    ['a --nmae=x', /Unknown option '--nmae': expected --onnx, --trust-pickle, .*--name/],
    [
      'a --name=ä',
      '--name is "ä": expected up to 128 letters, digits, "-", "_" and ".", starting with a letter or digit.',
    ],
    ['a --hosts=lambda', '--hosts has "lambda": expected function, service, with commas between them.'],
    ['a --hosts=', '--hosts is empty: expected function, service, with commas between them.'],
    ['a --protocols=mpc', /--protocols has "mpc": expected bigquery, cloud-events, invocations, mcp, .* or none\./],
    ['a --onnx=gone.onnx', '--onnx: gone.onnx does not exist.'],
    ['a --onnx=taken', '--onnx: expected a file, taken is a directory.'],
    ['a --onnx=empty.onnx', '--onnx: expected an ONNX file, empty.onnx is empty.'],
    ['a --onnx=torch.pt', /torch\.pt is a ZIP archive, as PyTorch and Keras save models\./],
    ['a --onnx=page.onnx', /page\.onnx is a text\./],
    ['a --onnx=lfs.onnx', /lfs\.onnx is a pointer of Git LFS, run `git lfs pull`\./],
    ['a --onnx=model.pkl', 'model.pkl is a pickle, and loading it runs code from it: pass it by --trust-pickle.'],
    ['a --trust-pickle=model.pkl', 'Expected a file for --sample, got none.'],
    ['upgrade', /Expected the directory of a project, with its \.onnx-predict\.json; there is none in /],
  ])('npm run create -- %s', async (words, line) => {
    mkdirSync(join(cwd, 'taken'));
    const files = {
      'empty.onnx': '',
      'torch.pt': 'PK\u0003\u0004',
      'page.onnx': '<!doctype html>',
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
  expect(stderr).toMatch(/^`npm ci .*` failed, and nothing was made\. Without a network, pass --no-install\./m);
  expect(readdirSync(cwd).filter((name) => name !== 'cache')).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('an installation that %s interrupts leaves nothing', async (signal) => {
  const { code, stderr } = await create(['shop', '--yes'], {
    cwd,
    onStart: (child) => child.stderr?.once('data', () => child.kill(signal)),
  });
  expect([code, stderr.trim().split('\n').at(-1)]).toEqual([130, 'Interrupted: nothing was made.']);
  expect(readdirSync(cwd)).toEqual([]);
});

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
