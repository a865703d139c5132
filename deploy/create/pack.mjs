/** Packs this command with the files that projects are made of into a tarball for npx. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readOptions } from '../../src/commands/command-line.cjs';
import { readVersion } from './manifest.mjs';
import { run } from './programs.mjs';
import { isProgram, listSource, readSource, readSourceText, toPackedName } from './source.mjs';
import { listAll } from './template.mjs';

/** @param {readonly string[]} words */
export async function pack(words) {
  const { positionals } = readOptions({ args: [...words], options: {} }, '[DIRECTORY]');
  const out = resolve(positionals[0] ?? '.');
  const stage = mkdtempSync(join(tmpdir(), 'create-'));
  try {
    for (const path of new Set([...listAll(), ...listSource('deploy/create')])) {
      const [first = '', ...others] = path.split('/');
      const place = join(stage, 'source', toPackedName(first), ...others);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, readSource(path));
      if (isProgram(path)) chmodSync(place, 0o755);
    }
    const described = { ...JSON.parse(readSourceText('deploy/create/package.json')), version: readVersion() };
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
    mkdirSync(out, { recursive: true });
    await run('npm', ['pack', '--pack-destination', out], { cwd: stage });
    console.log(join(out, `${described.name}-${described.version}.tgz`));
  } finally {
    rmSync(stage, { recursive: true });
  }
}
