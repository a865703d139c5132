/** Packages of npm that only some tests need, installed once from a lock file and kept; such tests are skipped, with the reason, where there is no registry. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, finished as finishedName } from '../tools.cjs';

export type NodePackages = { readonly directory: string } | { readonly missing: string };

/** `from` holds a `package.json` with exact versions and its `package-lock.json`. */
export function setUpPackages(from: string): NodePackages {
  const lock = readFileSync(join(from, 'package-lock.json'));
  const directory = join(cache, `packages-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`);
  const finished = join(directory, finishedName);
  if (existsSync(finished)) return { directory };
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(from, name), join(directory, name));
  const options = { cwd: directory, encoding: 'utf8', timeout: 300_000 } as const;
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  if (status !== 0) return { missing: `its packages could not be installed: ${stderr.trim().slice(-300)}` };
  writeFileSync(finished, '');
  return { directory };
}
