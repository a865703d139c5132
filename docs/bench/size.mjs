/** Bytes that a deploy holds, without the language's own runtime. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** Those of a framework are all that it pins. */
export function measureFrameworkSize(measurements, framework) {
  measurements.add('size', framework.id, weighFramework(framework).bytes);
}

/** @returns {{ bytes: number, files: number }} */
export function weighFramework({ python, requirements }) {
  const names = [...readFileSync(requirements, 'utf8').matchAll(/^([\w.[\]-]+)==/gm)].map(([, name]) => name);
  return weighPackages(python, names);
}

/** @returns {{ bytes: number, files: number }} */
export function weighPython(python, id) {
  return weighPackages(python, ['fastapi', 'uvicorn[standard]', 'numpy', pythonLibraries[id]]);
}

function weighPackages(python, names) {
  const { stdout } = spawnSync(python, [join(peers, 'installed_bytes.py'), ...names], { encoding: 'utf8' });
  return JSON.parse(stdout);
}
