/** A package of the user's own with native code: a deploy keeps it installed, and bundles the rest as ever. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from '../../copy-files';
import { processKinds, startHost } from '../../hosts';
import { modelDirectory, samples } from '../../model-files';
import { projectDirectory } from '../../processes';

/** It is installed with the tests, and loads a native part that lies in an optional package of its platform. */
const name = '@parcel/watcher';
const required = /\/(?:@parcel\/watcher.*|detect-libc|is-glob|is-extglob|node-addon-api|picomatch)$/;
const directory = mkdtempSync(join(tmpdir(), 'native-'));
const model = join(directory, 'model');

interface Lock {
  readonly packages: Record<string, { dev?: boolean; version?: string; dependencies?: Record<string, string> }>;
}

function run(program: string, ...words: readonly string[]): string {
  const { PATH, HOME } = process.env;
  return execFileSync(program, words, { cwd: directory, env: { PATH, HOME }, encoding: 'utf8', stdio: 'pipe' });
}

function change<Content>(file: string, edit: (content: Content) => void): void {
  const content = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Content;
  edit(content);
  writeFileSync(join(directory, file), JSON.stringify(content));
}

/** What `npm install` writes for a package that is there already. */
function dependOnIt(): void {
  change<Lock>('package-lock.json', ({ packages }) => {
    const { version = '' } = packages[`node_modules/${name}`] ?? {};
    for (const [path, entry] of Object.entries(packages)) if (required.test(path)) delete entry.dev;
    (packages[''] as { dependencies: Record<string, string> }).dependencies[name] = version;
    change<{ dependencies: Record<string, string> }>('package.json', ({ dependencies }) => {
      dependencies[name] = version;
    });
  });
}

beforeAll(() => {
  for (const path of ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'src'])
    cpSync(join(projectDirectory, path), join(directory, path), { recursive: true });
  run('cp', '-al', join(projectDirectory, 'node_modules'), 'node_modules');
  copyFiles(modelDirectory, model);
  dependOnIt();
  const use = `
    import { writeSnapshot } from '${name}';
    writeSnapshot(${JSON.stringify(model)}, ${JSON.stringify(join(directory, 'snapshot'))}).then(() => console.log('native code has run'));`;
  for (const host of ['index.ts', 'server.ts']) appendFileSync(join(directory, 'src', host), use);
  run('npm', 'run', 'gcp-build');
  run('npm', 'prune', '--omit=dev', '--ignore-scripts', '--offline');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('it stays installed, and packages that are bundled do not', () => {
  expect(existsSync(join(directory, 'node_modules', name, 'package.json'))).toBe(true);
  expect(existsSync(join(directory, 'node_modules/ajv'))).toBe(false);
  expect(existsSync(join(directory, 'node_modules/jest'))).toBe(false);
});

test.each(processKinds)('%s loads it and predicts', async (kind) => {
  const host = await startHost(kind, { cwd: directory, env: { MODEL_DIR: model } });
  const { json } = await host.post('/predict', { instances: [samples[0]?.instance] });
  expect(json).toEqual({ predictions: [samples[0]?.prediction] });
  expect(host.stdout).toContain('native code has run');
  expect(await host.stop()).toBe(0);
});
