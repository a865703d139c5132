/** Sets up the Python peers: an environment with their pinned packages and a trained forest, kept for the next run. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './children.mjs';
import { root } from './contenders.mjs';

const peers = join(root, 'docs/bench/peers');
const requirements = join(peers, 'requirements.txt');
const candidates = [process.env.PYTHON, 'python3', 'python3.13', 'python3.12', 'python3.11'];
// The pinned packages need this version.
const check = 'import sys, venv, ensurepip; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 11))';

/**
 * @param {{ say: (line: string) => void }} options
 * @returns {Promise<{ python: string, forest: string, version: string } | { missing: string }>}
 */
export async function setUpPython({ say }) {
  const found = findPython();
  if (!found) return { missing: 'no Python 3.11 or newer with venv was found (PYTHON names one)' };

  const { directory, ...environment } = environmentOf(found.version);
  // The forest is written last.
  if (existsSync(environment.forest)) return environment;

  say(`installing the Python peers' packages, once, into ${directory}`);
  try {
    await install(found.python, directory, environment);
    return environment;
  } catch (error) {
    return { missing: `their packages could not be installed: ${error.message}` };
  }
}

/** The environment when an earlier run has made it; this one installs nothing. */
export function findInstalledPython() {
  const found = findPython();
  const { directory, ...environment } = environmentOf(found?.version);
  return existsSync(environment.forest) ? environment : { missing: `no environment is in ${directory}` };
}

function environmentOf(version) {
  const directory = directoryFor('bench', [requirements, join(peers, 'train_forest.py')], version);
  return { directory, python: pythonOf(directory), forest: join(directory, 'forest.joblib'), version };
}

async function install(python, directory, environment) {
  await installPackages(python, directory, requirements);
  const unfinished = `${environment.forest}.part`;
  await runChild([environment.python, join(peers, 'train_forest.py'), unfinished]);
  writeFileSync(environment.forest, readFileSync(unfinished));
  rmSync(unfinished);
}

/** Makes a new environment of nothing but the pinned packages. */
export async function installPackages(python, directory, pins) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await runChild([python, '-m', 'venv', directory]);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '--only-binary',
    ':all:',
  ];
  await runChild([pythonOf(directory), ...pip, '--requirement', pins]);
}

function findPython() {
  for (const python of candidates.filter(Boolean)) {
    const { status, stdout } = spawnSync(python, ['-c', check], { encoding: 'utf8' });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}

const cacheDirectory = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'onnx-predict-function');

/** Where an environment that these files make is kept: other contents are another environment. */
export function directoryFor(name, files, version) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return join(cacheDirectory(), `${name}-${hash.digest('hex').slice(0, 16)}-${version}`);
}

export const pythonOf = (directory) => join(directory, 'bin/python');
