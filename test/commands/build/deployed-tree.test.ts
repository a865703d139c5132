/** What `gcp-build` and the buildpack's pruning leave: a few files, which serve as the checkout does. */
import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from '../../copy-files';
import { type Host, processKinds, startHost } from '../../hosts';
import { modelDirectory, samples } from '../../model-files';
import { projectDirectory } from '../../processes';
import { readSample, untilSample } from '../../scrape';

const directory = mkdtempSync(join(tmpdir(), 'deployed-'));
const model = join(directory, 'model');
let inCheckout: { readonly said: string; readonly files: string[]; readonly modules: string[] };

function run(program: string, ...words: readonly string[]): string {
  const { PATH, HOME } = process.env;
  return execFileSync(program, words, { cwd: directory, env: { PATH, HOME }, encoding: 'utf8', stdio: 'pipe' });
}

beforeAll(() => {
  for (const path of ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'src', 'node_modules'])
    cpSync(join(projectDirectory, path), join(directory, path), { recursive: true, verbatimSymlinks: true });
  copyFiles(modelDirectory, model);
  mkdirSync(join(directory, '.git'));
  const said = run('npm', 'run', 'gcp-build');
  inCheckout = {
    said,
    files: filesOf(join(directory, 'src')),
    modules: filesOf(join(directory, 'node_modules/express')),
  };
  rmSync(join(directory, '.git'), { recursive: true });
  run('npm', 'run', 'gcp-build');
  run('npm', 'prune', '--omit=dev', '--ignore-scripts', '--offline');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const filesOf = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => lstatSync(join(path, file)).isFile());

test('a checkout that people work in keeps its sources and packages', () => {
  expect(inCheckout.said).toContain('This is a Git checkout');
  expect(inCheckout.files).toContain('index.ts');
  expect(inCheckout.modules).toContain('index.js');
});

test('it has a few files, and no sources', () => {
  const files = filesOf(directory);
  expect(files.length).toBeLessThan(50);
  expect(files.filter((file) => /^src\/|\.ts$|\.map$/.test(file))).toEqual([]);
  const bytes = files.map((file) => lstatSync(join(directory, file)).size).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeLessThan(53e6);
});

test('`main` is there, and is JavaScript', () => {
  const { main } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { readonly main: string };
  run(process.execPath, '--check', main);
});

test('what is bundled is listed, and its licences are there', () => {
  const { components } = JSON.parse(readFileSync(join(directory, 'dist/sbom.cdx.json'), 'utf8')) as {
    readonly components: readonly { readonly name: string; readonly version: string }[];
  };
  const listed = components.map((component) => `${component.name} ${component.version}`);
  const notices = readFileSync(join(directory, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of [
    'express',
    'body-parser',
    'ajv',
    '@google-cloud/functions-framework',
    'onnxruntime-common',
    '@huggingface/tokenizers',
  ]) {
    const { version } = JSON.parse(readFileSync(join(projectDirectory, 'node_modules', name, 'package.json'), 'utf8'));
    expect(listed).toContain(`${name} ${version}`);
    expect(notices.includes(`---- ${name} ${version} (`)).toBe(true);
  }
  expect(notices.includes('Permission is hereby granted')).toBe(true);
  expect(notices.includes('---- esbuild')).toBe(false);
});

test('a place in a stack of its bundles is turned into one of the sources', () => {
  const placeOf = (file: string) => {
    const before = readFileSync(file, 'utf8').split(/function\* ?outlineJson\(/)[0] ?? '';
    return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
  };
  const { line, column } = placeOf(join(directory, 'dist/function.js'));
  const stack = `Error: x\n    at outlineJson (/workspace/dist/function.js:${line}:${column})\n`;
  const program = join(projectDirectory, 'dist/commands/build/resolve-stack.js');
  const resolved = execFileSync(process.execPath, [program], { input: stack, encoding: 'utf8' });
  const source = placeOf(join(projectDirectory, 'src/json/outline.ts'));
  expect(resolved).toMatch(new RegExp(`at outlineJson \\(src/json/outline\\.ts:${source.line}:\\d+\\)`));
});

test('the service answers its first prediction without modules that take milliseconds to load', async () => {
  const preload = join(projectDirectory, 'test/fixtures/tell-modules.cjs');
  const env = { MODEL_DIR: model, NODE_OPTIONS: `--require=${preload}` };
  const host = await startHost('server.ts', { cwd: directory, env });
  await host.post('/predict', { instances: [samples[0]?.instance] });
  host.kill('SIGUSR2');
  const modules = (await host.line(/^modules: /)).split(' ');
  expect(modules).toContain('http');
  for (const late of ['crypto', 'v8', 'zlib', 'internal/crypto/webcrypto']) expect(modules).not.toContain(late);
  await host.stop();
});

test('it answers a file in another, as a job does', () => {
  const [input, output] = [join(directory, 'rows.csv'), join(directory, 'answers.csv')];
  writeFileSync(input, samples.map(({ instance }) => `${instance.join(',')}\n`).join(''));
  expect(run(process.execPath, 'dist/predict.js', input, output)).toContain(`answers.csv: ${samples.length} rows`);
  const [, ...answers] = readFileSync(output, 'utf8').trimEnd().split('\n');
  expect(answers.map((line) => line.split(',')[0])).toEqual(samples.map(({ prediction }) => prediction.label));
  for (const path of [input, output]) rmSync(path);
});

describe.each(processKinds)('%s', (kind) => {
  let host: Host;
  const start = (env: Readonly<Record<string, string>> = {}) =>
    startHost(kind, { cwd: directory, env: { MODEL_DIR: model, ...env } });
  afterEach(() => host.stop());

  test('takes text where a card has a tokenizer', async () => {
    const reviews = join(projectDirectory, 'test/fixtures/models/reviews');
    host = await start({ MODEL_DIR: reviews });
    const [sample] = JSON.parse(readFileSync(join(reviews, 'samples.json'), 'utf8')).samples;
    const { json } = await host.post('/predict', { instances: [sample.instance] });
    expect(json).toMatchObject({ predictions: [{ label: sample.prediction.label }] });
  });

  test('predicts, with the code cache in use', async () => {
    host = await start();
    const { json } = await host.post('/predict', { instances: samples.map(({ instance }) => instance) });
    expect(json).toEqual({ predictions: samples.map(({ prediction }) => prediction) });
    expect(host.stdout.filter((line) => line.includes('code cache'))).toEqual([
      expect.stringMatching(/"INFO".*is in use/),
    ]);
    expect(await readSample(host, 'predict_compile_cache_accepted')).toBe(1);
    expect((await host.request('GET', '/', { headers: { accept: 'text/html' } })).text).toContain('<!doctype html>');
    host.kill('SIGTERM');
    expect(await host.exitCode).toBe(0);
  });

  test('says that V8 refused the code cache, and predicts', async () => {
    host = await start({ NODE_OPTIONS: '--interpreted-frames-native-stack' });
    expect((await host.post('/predict', { instances: [samples[0]?.instance] })).status).toBe(200);
    expect(host.stdout).toContainEqual(expect.stringMatching(/"WARNING".*V8 refused the code cache/));
    expect(await readSample(host, 'predict_compile_cache_accepted')).toBe(0);
  });

  test('refuses weights that were changed after the build, if only in their producer’s name', async () => {
    const changed = join(directory, `changed-${kind}`.replaceAll(' ', '-'));
    cpSync(model, changed, { recursive: true });
    const weights = readFileSync(join(changed, 'model.onnx'));
    weights.write('S', weights.indexOf('skl2onnx'));
    writeFileSync(join(changed, 'model.onnx'), weights);
    host = await start({ MODEL_DIR: changed });
    expect((await host.post('/predict', { instances: [samples[0]?.instance] })).status).toBe(503);
    expect(host.stdout).toContainEqual(expect.stringContaining('model.onnx does not match its card: expected sha256'));
  });

  test('serves a model that the build has not seen, in threads of its own', async () => {
    const slow = join(projectDirectory, 'test/fixtures/models/slow');
    host = await start({ MODEL_DIR: slow, INFERENCE_THREADS: '1' });
    await host.request('GET', '/v2/health/ready');
    await untilSample(host, (threads) => threads === 1, 'predict_inference_threads');
    const { status } = await host.post('/predict', { instances: [[0.5]] });
    expect(status).toBe(200);
  });
});
