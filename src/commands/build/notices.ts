/** The licences of what a deploy bundles, which must go along with it: `dist/THIRD-PARTY-NOTICES.txt`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Metafile } from 'esbuild';
import { dist, root } from './paths';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const notice = /^(licen[cs]e|notice|copying)/i;

export function writeNotices(metafiles: readonly Metafile[]): void {
  const directories = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(packageOf)));
  const texts = [...directories].sort().map(describe);
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), `The bundles beside this file contain:\n\n${texts.join('\n')}`);
}

/** The directory of the package that a file belongs to, within another's if need be; none if the file is ours. */
function packageOf(path: string): string[] {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path.replaceAll(sep, '/'))?.slice(0, 1) ?? [];
}

function describe(path: string): string {
  const directory = join(root, path);
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  const files = readdirSync(directory).filter((file) => notice.test(file));
  const texts = files.map((file) => readFileSync(join(directory, file), 'utf8').trim());
  return [`---- ${name} ${version} (${license ?? 'see below'})`, ...texts, ''].join('\n\n');
}
