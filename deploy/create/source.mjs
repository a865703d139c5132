/** The files that a project is made of, where they are: in a clone, or in the tarball, which cannot hold every name. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** npm leaves files with these names out of a tarball, or takes their lines as rules for it. */
const leftOutByNpm = /^(\..*|package-lock\.json)$/;

/** @param {string} name of a file or directory in the root */
export function toPackedName(name) {
  return leftOutByNpm.test(name) ? `_${name}` : name;
}

/** @param {string} path */
function locate(path) {
  const [first = '', ...others] = path.split('/');
  const packed = join(root, toPackedName(first), ...others);
  return existsSync(packed) ? packed : join(root, path);
}

/** @param {string} path from the root of the package, with slashes */
export function readSource(path) {
  return readFileSync(locate(path));
}

/** @param {string} path */
export function readSourceText(path) {
  return readSource(path).toString('utf8');
}

/** Whether people may run the file. @param {string} path */
export function isProgram(path) {
  return (statSync(locate(path)).mode & 0o100) !== 0;
}

/** @param {string} path of a file, or of a directory whose files are listed */
export function listSource(path) {
  const place = locate(path);
  if (!statSync(place).isDirectory()) return [path];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isJunk(entry.name) && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(path, join(entry.parentPath, entry.name).slice(place.length)).replaceAll('\\', '/'))
    .sort();
}

/** What editors and interpreters leave in a clone. @param {string} name */
function isJunk(name) {
  return name === '.DS_Store' || name.endsWith('~') || name.endsWith('.pyc') || name.endsWith('.swp');
}
