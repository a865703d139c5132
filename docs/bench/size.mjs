/** Bytes that a deploy holds, without the language's own runtime. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { root } from './contenders.mjs';

const peers = join(root, 'docs/bench/peers');
const pythonLibraries = {
  'fastapi-onnx': 'onnxruntime',
  'fastapi-onnx-typed': 'onnxruntime',
  'fastapi-sklearn': 'scikit-learn',
};

/** Ours: what `npm prune` leaves, the build, the model. ONNX Runtime counts for this platform only, as `gcp-build` leaves it. */
export function measureOurSize(measurements) {
  const own = ['dist', 'model', 'package.json', 'package-lock.json'].map((name) => join(root, name));
  const files = [...productionPackages(), ...own].flatMap(filesIn);
  for (const id of ['function', 'server']) measurements.add('size', id, bytesOf(files.filter(isOfThisPlatform)));
  // The bare handlers need the same packages but for one, and nothing deletes the other platforms from theirs.
  measurements.add('size untrimmed', 'function', bytesOf(files));
}

/** The Python peers': the packages each needs, as installed. */
export function measurePythonSize(measurements, { python }) {
  for (const id of Object.keys(pythonLibraries)) {
    const { bytes } = weighPython(python, id);
    if (bytes > 0) measurements.add('size', id, bytes);
  }
}

/** @returns {{ bytes: number, files: number }} */
export function weighPython(python, id) {
  const names = ['fastapi', 'uvicorn[standard]', 'numpy', pythonLibraries[id]];
  const { stdout } = spawnSync(python, [join(peers, 'installed_bytes.py'), ...names], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

function productionPackages() {
  const { stdout } = spawnSync('npm', ['ls', '--all', '--omit=dev', '--parseable'], { cwd: root, encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes('node_modules'));
}

/** A package's own files: what lies in a nested node_modules is listed as a package of its own. */
function filesIn(path) {
  if (basename(path) === 'node_modules') return [];
  const stats = statSync(path);
  if (!stats.isDirectory()) return [{ path, bytes: stats.size }];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

const bytesOf = (files) => files.reduce((sum, { bytes }) => sum + bytes, 0);

function isOfThisPlatform({ path }) {
  const native = /onnxruntime-node\/bin\/napi-v\d+\/([^/]+\/[^/]+)\//.exec(relative(root, path));
  return native === null || native[1] === `${process.platform}/${process.arch}`;
}
