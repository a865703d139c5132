/** Leaves out of a lock file what the packages of a project do not need, as npm would, without asking a registry. */

/**
 * @typedef {object} Locked
 * @property {Readonly<Record<string, string>>} [dependencies]
 * @property {Readonly<Record<string, string>>} [devDependencies]
 * @property {Readonly<Record<string, string>>} [optionalDependencies]
 * @property {Readonly<Record<string, string>>} [peerDependencies]
 */
/** @typedef {Readonly<Record<string, Locked>>} Packages by path: `node_modules/a/node_modules/b` */

/**
 * @template {{ packages: Packages }} Lock
 * @param {Lock} lock
 * @param {Locked & { name: string, version: string, engines: object }} project its package.json
 */
export function prunePackageLock(lock, { name, version, engines, dependencies, devDependencies }) {
  const root = { name, version, dependencies, devDependencies, engines };
  const needed = findNeeded({ ...lock.packages, '': /** @type {Locked} */ (root) });
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '' && needed.has(path));
  return { ...lock, name, version, packages: { '': root, ...Object.fromEntries(packages) } };
}

/** @param {Packages} packages */
function findNeeded(packages) {
  const needed = new Set(['']);
  // A set hands out what is added while it is walked.
  for (const path of needed) {
    for (const name of namesOf(packages[path])) {
      const found = resolve(packages, path, name);
      if (found !== undefined) needed.add(found);
    }
  }
  return needed;
}

/** @param {Locked} [locked] */
function namesOf({ dependencies, devDependencies, optionalDependencies, peerDependencies } = {}) {
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies });
}

/**
 * Where Node.js finds a package from the place of another.
 * @param {Packages} packages
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function resolve(packages, from, name) {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (packages[path] !== undefined) return path;
  if (from === '') return undefined;
  return resolve(packages, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)), name);
}
