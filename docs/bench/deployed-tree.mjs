/** What a deploy leaves, made in a temporary directory by the deploy's own steps: the hosts are measured there. */
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './children.mjs';
import { root } from './contenders.mjs';

const uploaded = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'src'];
const model = ['card.json', 'model.onnx', 'samples.json'].map((file) => join('model', file));

/** @returns {Promise<string>} the directory; it goes when this process ends */
export async function makeDeployedTree() {
  const directory = mkdtempSync(join(tmpdir(), 'predict-deploy-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const path of [...uploaded, ...model, 'node_modules']) {
    cpSync(join(root, path), join(directory, path), { recursive: true, verbatimSymlinks: true });
  }
  for (const step of [
    ['npm', 'run', 'gcp-build'],
    ['npm', 'prune', '--omit=dev', '--ignore-scripts', '--offline'],
  ]) {
    await runChild(step, { cwd: directory });
  }
  return directory;
}

/** @returns {{ bytes: number, files: number }} */
export function weigh(directory) {
  const sizes = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => lstatSync(join(directory, path)))
    .filter((status) => status.isFile())
    .map(({ size }) => size);
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

/** Turns the tree of a function into that of the service's image, as `deploy/Dockerfile` does. */
export function leaveOutFunction(directory) {
  for (const path of [
    'node_modules/@google-cloud',
    'node_modules/.bin',
    'dist/index.cjs',
    'dist/function.js',
    'dist/function.js.cache',
    '.npmrc',
    'tsconfig.json',
    'package-lock.json',
  ]) {
    rmSync(join(directory, path), { recursive: true });
  }
}
