/** The tarball makes, in an empty directory, a project of an ONNX file whose commands work, and which a later version upgrades. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createClient } from '../../client';
import { findFreePort, projectDirectory } from '../../processes';
import { create, empty, filesOf, isThere, type Outcome, readText, run, untilServed } from './command';

const cwd = empty();
const project = join(cwd, 'Wood Shop');
const weights = join(projectDirectory, 'test/fixtures/models/two-classes/model.onnx');
const { version } = JSON.parse(readText(projectDirectory, 'package.json')) as { readonly version: string };
const tarball = `create-onnx-predict-${version}.tgz`;
let made: Outcome;

beforeAll(async () => {
  expect(await create(['pack'], { cwd })).toMatchObject({ code: 0, stdout: `${join(cwd, tarball)}\n` });
  const words = ['--onnx', weights, '--name', 'wood', '--hosts=function', '--protocols=mcp'];
  made = await run('npx', ['--yes', `./${tarball}`, 'Wood Shop', ...words], { cwd });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('says what comes next, and leaves only the project', () => {
  expect([made.stderr, made.code]).toEqual([expect.not.stringMatching(/npm (warn|error)/), 0]);
  expect(made.stdout).toMatch(/^Created Wood Shop\.\n\n {4}cd 'Wood Shop'\n {4}npm start\n {4}npm test\n/);
  expect(readdirSync(cwd).toSorted()).toEqual(['Wood Shop', tarball]);
});

test('holds what serves, checks and deploys a model, and nothing of the package itself', () => {
  expect(readdirSync(project).toSorted()).toEqual(
    [
      '.git',
      '.gitattributes',
      '.github',
      '.gitignore',
      '.gcloudignore',
      '.npmrc',
      '.onnx-predict.json',
      'README.md',
      'deploy',
      'dist',
    ]
      .concat(['model', 'node_modules', 'package-lock.json', 'package.json', 'src', 'test', 'tsconfig.json'])
      .toSorted(),
  );
  const files = filesOf(project);
  const own =
    /^(docs|create)\/|^model\/training\/|\/release|^deploy\/(Dockerfile|service\.yaml)|^src\/protocols\/(bigquery|pub-sub)\//;
  expect(files.filter((path) => own.test(path))).toEqual([]);
  expect(files.filter((path) => path.startsWith('test/'))).toEqual(['test/endpoint.test.mjs', 'test/model.test.mjs']);
});

test('carries no registry, and no path of the machine that packed it', () => {
  const lock = JSON.parse(readText(project, 'package-lock.json')) as {
    packages: Record<string, { resolved?: string }>;
  };
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  const named = filesOf(project).filter((path) => readFileSync(join(project, path)).includes(projectDirectory));
  expect(named).toEqual([]);
});

test('has the lock file that npm writes for its package.json', async () => {
  const before = readText(project, 'package-lock.json');
  const { code } = await run('npm', ['install', '--package-lock-only', '--offline'], { cwd: project });
  expect([code, readText(project, 'package-lock.json')]).toEqual([0, before]);
});

test('builds with what .gcloudignore lets through', async () => {
  const { stdout } = await run('git', ['ls-files', '--others', '--exclude-from=.gcloudignore'], { cwd: project });
  const uploaded = stdout.split('\n').filter(Boolean);
  const wanted = filesOf(project).filter((path) => path.startsWith('src/'));
  const others = ['.npmrc', 'package-lock.json', 'package.json', 'tsconfig.json'];
  const ofModel = ['model/card.json', 'model/model.onnx', 'model/samples.json'];
  expect(uploaded.toSorted()).toEqual([...wanted, ...others, ...ofModel].toSorted());
});

test('`npm test` passes; what is left to say of the model is shown, and fails nothing', async () => {
  const { code, stdout } = await run('npm', ['test'], { cwd: project });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^# todo [12]$/m)]);
  expect(stdout).toMatch(/^# fail 0$/m);
});

test('`npm test` fails when the card is complete and a sample is answered otherwise', async () => {
  const card = readText(project, 'model/card.json');
  const samples = readText(project, 'model/samples.json');
  writeFileSync(join(project, 'model/card.json'), card.replaceAll('"TODO', '"Some'));
  const { code, stdout } = await run('npm', ['test'], { cwd: project });
  expect([code, stdout]).toEqual([1, expect.stringContaining('The golden sample 0 is answered differently')]);
  writeFileSync(join(project, 'model/samples.json'), samples.replaceAll('"TODO', '"Some'));
  expect(await run('npm', ['test'], { cwd: project })).toMatchObject({ code: 0 });
});

test('`npm start` serves the protocols that were chosen, and no other', async () => {
  const port = await findFreePort();
  const client = createClient(port);
  const statusOf = async (path: string, body: object) => (await client.post(path, body)).status;
  const { samples } = JSON.parse(readText(project, 'model/samples.json')) as { samples: [{ instance: unknown }] };
  const instances = [samples[0].instance];
  const ended = run('npm', ['start'], {
    cwd: project,
    env: { PORT: `${port}` },
    onStart: (child) => void untilServed(port).then(() => ask().finally(() => child.kill('SIGTERM'))),
  });
  const statuses: number[] = [];
  async function ask(): Promise<void> {
    statuses.push(await statusOf('/predict', { instances }));
    statuses.push(await statusOf('/v1/models/wood:predict', { instances }));
    statuses.push(await statusOf('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' }));
    statuses.push(await statusOf('/invocations', { instances }));
    statuses.push(await statusOf('/bigquery', { calls: instances }));
    const { text } = await client.request('GET', '/', { headers: { accept: 'text/html' } });
    expect(['snippet-mcp', 'snippet-sql'].map((id) => text.includes(id))).toEqual([true, false]);
    client.close();
  }
  await ended;
  expect(statuses).toEqual([200, 200, 200, 404, 404]);
});

test('a deploy is named after the model', async () => {
  const words = ['run', '--silent', 'deploy', '--', 'function', '--project=p', '--dry-run'];
  const { code, stdout } = await run('npm', words, { cwd: project });
  expect([code, stdout]).toEqual([0, expect.stringContaining('gcloud run deploy wood-function')]);
});

test('its workflows pin the actions that the package pins', () => {
  const actions = (path: string) => readText(path).match(/uses: .*/g) ?? [];
  const ours = new Set(actions(join(projectDirectory, '.github/workflows/ci.yml')));
  const theirs = join(project, '.github/workflows/ci.yml');
  expect(actions(theirs).filter((line) => !ours.has(line))).toEqual([]);
  expect(parse(readText(theirs))).toMatchObject({ permissions: { contents: 'read' } });
});

describe('a later version', () => {
  const later = join(cwd, 'later');
  const upgrade = (...words: readonly string[]) =>
    run(process.execPath, [join(later, 'source/deploy/create/main.mjs'), 'upgrade', ...words], { cwd: project });
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(path, change(readFileSync(path, 'utf8')));

  beforeAll(async () => {
    await run('tar', ['-xzf', tarball, '--transform=s/^package/later/'], { cwd });
    edit(join(later, 'source/package.json'), (text) => text.replace(`"version": "${version}"`, '"version": "9.0.0"'));
    edit(join(later, 'source/src/origins.ts'), (text) => `${text}// Later.\n`);
    edit(join(later, 'source/src/directory.ts'), (text) => `${text}// Later.\n`);
    writeFileSync(join(later, 'source/src/later.ts'), 'export {};\n');
    rmSync(join(later, 'source/deploy/grafana-dashboard.json'));
    // What the owner has done.
    edit(join(project, 'src/directory.ts'), (text) => `// Ours.\n${text}`);
    edit(join(project, 'tsconfig.json'), (text) => `${text}\n`);
    rmSync(join(project, 'README.md'));
  });

  test('of the same files finds nothing to change', async () => {
    const { code, stdout } = await create(['upgrade'], { cwd: project });
    expect([code, stdout]).toEqual([0, `Nothing to change: the files of the package are those of ${version}.\n`]);
  });

  test('shows the difference, and changes nothing', async () => {
    const { code, stdout } = await upgrade();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\+\/\/ Later\.$/m);
    expect(stdout.split(`${version} to 9.0.0:\n`)[1]?.split('\n').slice(0, 4)).toEqual([
      '  removed: deploy/grafana-dashboard.json',
      '  changed here and there: src/directory.ts',
      '  new: src/later.ts',
      '  changed: src/origins.ts',
    ]);
    expect([isThere(project, 'src/later.ts'), readText(project, 'src/origins.ts')]).toEqual([
      false,
      expect.not.stringContaining('Later'),
    ]);
  });

  test('writes what its owner has not changed, and lays the rest beside it', async () => {
    const card = readText(project, 'model/card.json');
    expect(await upgrade('--write')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('src/directory.ts.new'),
    });
    expect(readText(project, 'src/origins.ts')).toMatch(/Later/);
    expect(readText(project, 'src/directory.ts')).toMatch(/^\/\/ Ours/);
    expect(readText(project, 'src/directory.ts.new')).toMatch(/Later/);
    expect(['deploy/grafana-dashboard.json', 'README.md'].map((path) => isThere(project, path))).toEqual([
      false,
      false,
    ]);
    expect(readText(project, 'model/card.json')).toBe(card);
    expect(await upgrade()).toMatchObject({
      stdout: 'Nothing to change: the files of the package are those of 9.0.0.\n',
    });
  });

  test('refuses a record that is none', async () => {
    cpSync(join(project, 'package.json'), join(project, '.onnx-predict.json'));
    const { code, stderr } = await upgrade();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be read as what create wrote: restore it/)]);
  });
});
