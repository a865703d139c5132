/** Packages of the user's own with native code: they cannot be bundled, so they stay installed, with all that they require. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Plugin } from 'esbuild';
import { packages, root, runtime } from './paths';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface NativePackages {
  /** Leaves them out of a bundle. */
  readonly plugin: Plugin;
  /** Names of those that bundles asked for. */
  readonly names: () => readonly string[];
}

export function createNativePackages(): NativePackages {
  const isNative = new Map<string, boolean>();
  const names = new Set<string>();

  function isOutside(name: string): boolean {
    const known = isNative.get(name);
    if (known !== undefined) return known;
    const found = requiredBy(join(packages, name)).some(hasNativeFile);
    isNative.set(name, found);
    return found;
  }

  const plugin: Plugin = {
    name: 'native-packages',
    setup({ onResolve }) {
      onResolve({ filter: /^(?:@[^/]+\/)?[a-z0-9][^:]*$/i }, ({ path, importer }) => {
        const name = nameOf(path);
        // The packages of a package that is bundled have been looked through with it.
        if (isInside(importer, packages) || name === runtime || !isOutside(name)) return undefined;
        names.add(name);
        return { path, external: true };
      });
    },
  };
  return { plugin, names: () => [...names] };
}

function isInside(path: string, directory: string): boolean {
  return path.startsWith(directory + sep);
}

function nameOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Directories of an installed package and of all that it may require; none when it is not installed. */
function requiredBy(directory: string): readonly string[] {
  const found = new Set<string>(existsSync(join(directory, 'package.json')) ? [directory] : []);
  for (const each of found) {
    const { dependencies, optionalDependencies, peerDependencies } = readManifest(each);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = findInstalled(name, each);
      // ONNX Runtime's native part is served otherwise.
      if (place !== undefined && name !== runtime) found.add(place);
    }
  }
  return [...found];
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** As Node.js looks for it: beside the package, then further up. */
function findInstalled(name: string, from: string): string | undefined {
  for (let place = from; !relative(root, place).startsWith('..'); place = dirname(place)) {
    const candidate = join(place, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (place === root) break;
  }
  return undefined;
}

function hasNativeFile(directory: string): boolean {
  return readdirSync(directory, { withFileTypes: true }).some((entry) => {
    if (entry.isFile()) return entry.name.endsWith('.node');
    return entry.isDirectory() && entry.name !== 'node_modules' && hasNativeFile(join(directory, entry.name));
  });
}
