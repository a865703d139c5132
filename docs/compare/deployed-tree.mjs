/** What a deploy leaves, made in a temporary directory by the deploy's own steps: the hosts are measured there. */
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../bench/children.mjs';
import { root } from '../bench/contenders.mjs';

const uploaded = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'src'];
const model = ['card.json', 'model.onnx', 'samples.json'].map((file) => join('model', file));
const framework = '@google-cloud/functions-framework';

/** @returns {Promise<string>} the directory; it goes when this process ends */
export async function makeDeployedTree() {
  const directory = mkdtempSync(join(tmpdir(), 'predict-compare-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const path of [...uploaded, ...model, 'dist', 'node_modules']) {
    cpSync(join(root, path), join(directory, path), { recursive: true, verbatimSymlinks: true });
  }
  rmSync(join(directory, 'dist/compile-cache'), { recursive: true, force: true });
  await runStep(directory, [process.execPath, 'dist/commands/build/trim-runtime.js']);
  await runStep(directory, [process.execPath, 'dist/commands/build/warm-compile-cache.js']);
  await prune(directory);
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
export async function leaveOutFunction(directory) {
  await runChild(['npm', 'pkg', 'delete', `dependencies.${framework}`], { cwd: directory });
  await prune(directory);
  for (const path of ['src', '.npmrc', 'tsconfig.json', 'package-lock.json']) {
    rmSync(join(directory, path), { recursive: true });
  }
}

function runStep(directory, command) {
  return runChild(command, { cwd: directory, env: { ...process.env, npm_lifecycle_event: 'gcp-build' } });
}

function prune(directory) {
  return runChild(['npm', 'prune', '--omit=dev', '--ignore-scripts', '--offline'], { cwd: directory });
}
