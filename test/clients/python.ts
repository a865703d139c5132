/** A Python with pinned packages, set up once and kept; tests that need it are skipped, with the reason, where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, environmentPrefix, finished as finishedName } from '../tools.cjs';

const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11'];
// The pinned packages need this version.
const check = 'import sys, venv, ensurepip; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 11))';

export type Python = { readonly python: string } | { readonly missing: string };

/** Installs `requirements` (a file with hashes) into an environment of their own. */
export function setUpPython(requirements: string): Python {
  const found = findPython();
  if (found === undefined) return { missing: 'no Python 3.11 or newer with venv was found' };
  const directory = join(cache, environmentPrefix(requirements) + found.version);
  const python = join(directory, 'bin/python');
  const finished = join(directory, finishedName);
  if (existsSync(finished)) return { python };
  mkdirSync(cache, { recursive: true });
  rmSync(directory, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary', ':all:', '-r', requirements];
  for (const [command, ...parameters] of [
    [found.python, '-m', 'venv', directory],
    [python, ...pip],
  ] as const) {
    const { status, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
    if (status !== 0) return { missing: `its packages could not be installed: ${stderr.trim().slice(-300)}` };
  }
  writeFileSync(finished, '');
  return { python };
}

function findPython(): { readonly python: string; readonly version: string } | undefined {
  for (const python of candidates) {
    const { status, stdout } = spawnSync(python, ['-c', check], { encoding: 'utf8' });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}
