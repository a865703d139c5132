/** What a project remembers of its making, for an upgrade: the version, the answers, and the hash of each file as it was written. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSourceText } from './source.mjs';

/** @typedef {import('./template.mjs').Answers} Answers */
/** @typedef {{ readonly version: string, readonly answers: Answers, readonly files: Readonly<Record<string, string>> }} Manifest */

export const manifestName = '.onnx-predict.json';

/** The version of the package that runs. @returns {string} */
export function readVersion() {
  return JSON.parse(readSourceText('package.json')).version;
}

/** @param {Uint8Array} bytes */
export function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * @param {string} directory
 * @returns {Manifest | undefined} undefined where there is none
 */
export function readManifest(directory) {
  const path = join(directory, manifestName);
  /** @type {string} */
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const manifest = JSON.parse(text);
    if (isManifest(manifest)) return manifest;
  } catch {}
  throw new Error(`${path} cannot be read as what create wrote: restore it from your repository.`);
}

/** A path that leads out of the project would have an upgrade remove files elsewhere. */
const pathWithin = /^(?!\/|.*(^|\/)\.\.(\/|$))[^\\]+$/;

/** @param {Partial<Manifest>} manifest */
function isManifest({ version, answers, files }) {
  return (
    typeof version === 'string' &&
    typeof answers?.name === 'string' &&
    Array.isArray(answers.hosts) &&
    Array.isArray(answers.protocols) &&
    Object.entries(files ?? { '..': '' }).every(([path, hash]) => pathWithin.test(path) && typeof hash === 'string')
  );
}

/**
 * @param {string} directory
 * @param {Answers} answers
 * @param {Readonly<Record<string, string>>} files
 */
export function writeManifest(directory, answers, files) {
  const sorted = Object.fromEntries(Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1)));
  const manifest = { version: readVersion(), answers, files: sorted };
  writeFileSync(join(directory, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}
