/** Packages of Maven Central that only some tests need, fetched once and kept; such tests are skipped, with the reason, where there is no Maven. */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, finished as finishedName } from '../tools.cjs';

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const options: SpawnSyncOptionsWithStringEncoding = { encoding: 'utf8', timeout: 300_000 };

/** A program in one file. `pin` has its coordinates and the SHA-256 of its bytes, with a space between. */
export function setUpJar(pin: string): { readonly jar: string } | { readonly missing: string } {
  const [artifact = '', sha256] = pin.trim().split(' ');
  const [, name, version] = artifact.split(':');
  const directory = join(cache, 'jars');
  const jar = join(directory, `${name}-${version}.jar`);
  const hasBytes = () => existsSync(jar) && createHash('sha256').update(readFileSync(jar)).digest('hex') === sha256;
  if (hasBytes()) return { jar };
  const words = [`${plugin}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${directory}`];
  const failure = runMaven(words);
  if (failure !== undefined) return { missing: failure };
  if (!hasBytes()) throw new Error(`${jar} is not what is pinned.`);
  return { jar };
}

/** The packages that the project in `directory` names, as a class path. */
export function setUpClassPath(directory: string): string {
  const pom = readFileSync(join(directory, 'pom.xml'));
  const kept = join(cache, `classes-${createHash('sha256').update(pom).digest('hex').slice(0, 16)}`);
  const finished = join(kept, finishedName);
  if (!existsSync(finished)) {
    rmSync(kept, { recursive: true, force: true });
    mkdirSync(kept, { recursive: true });
    const words = [`${plugin}:copy-dependencies`, '-DincludeScope=compile', `-DoutputDirectory=${kept}`];
    const failure = runMaven(['-f', join(directory, 'pom.xml'), ...words]);
    if (failure !== undefined) throw new Error(failure);
    writeFileSync(finished, '');
  }
  return join(kept, '*');
}

/** Returns what went wrong. */
function runMaven(words: readonly string[]): string | undefined {
  const { status, stdout, error } = spawnSync('mvn', ['--quiet', '--batch-mode', ...words], options);
  return status === 0
    ? undefined
    : `Maven cannot fetch its packages: ${(error?.message ?? stdout).trim().slice(0, 300)}`;
}
