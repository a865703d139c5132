/** Bytes that a deploy holds, without the language's own runtime. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './contenders.mjs';

const peers = join(root, 'docs/bench/peers');
const pythonLibraries = {
  'fastapi-onnx': 'onnxruntime',
  'fastapi-onnx-typed': 'onnxruntime',
  'fastapi-sklearn': 'scikit-learn',
};

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
