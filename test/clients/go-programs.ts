/** Programs of Go modules that only some tests need, built once and kept; such tests are skipped, with the reason, where they cannot be built. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cache } from '../tools.cjs';

export type GoProgram = { readonly program: string } | { readonly missing: string };

/** Builds `name`, a package's path, with the versions and sums of `pins`, a directory with a `go.mod` and its `go.sum`. */
export function buildGoProgram(pins: string, name = '.'): GoProgram {
  const digest = createHash('sha256').update(name);
  for (const file of readdirSync(pins).sort()) digest.update(readFileSync(join(pins, file)));
  const program = join(cache, `${basename(pins)}-${digest.digest('hex').slice(0, 16)}`);
  return existsSync(program) ? { program } : runGo(program, ['build', '-o', program, name], { cwd: pins });
}

/** Installs `PACKAGE@VERSION` with what its own module pins; the checksum database vouches for it. */
export function installGoProgram(wanted: string): GoProgram {
  const directory = join(cache, wanted.replaceAll('/', '+'));
  const [name = ''] = wanted.split('@');
  const program = join(directory, basename(name));
  if (existsSync(program)) return { program };
  return runGo(program, ['install', wanted], { env: { ...process.env, GOBIN: directory } });
}

function runGo(program: string, words: readonly string[], options: object): GoProgram {
  mkdirSync(cache, { recursive: true });
  const { status, stderr, error } = spawnSync('go', words, { encoding: 'utf8', timeout: 600_000, ...options });
  if (status === 0) return { program };
  return { missing: `go cannot build it: ${(error?.message ?? stderr).trim().slice(-300)}` };
}
