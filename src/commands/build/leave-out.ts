/** Takes out of a deployed tree what its bundles contain and what only the build needs. */
import { lstatSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtModules } from '../../model/instances/validators';
import { bundles } from './bundles';
import { dist, framework, packages, root, runtime } from './paths';
import { starters } from './starters';

/** Packages of which something is left: what starts the function, and ONNX Runtime's native part. */
const left = [framework, runtime];
const bytesPerMb = 1e6;

/** Leaves `kept` and what hosts read. */
export function leaveOutFiles(kept: readonly string[]): void {
  const here = join(packages, runtime, 'bin/napi-v6', process.platform, process.arch);
  const native = readdirSync(here)
    .filter((name) => !name.includes('onnxruntime_providers_'))
    .map((name) => join(here, name));
  if (native.length === 0) throw new Error(`Expected ONNX Runtime for this platform in ${here}, got nothing.`);

  const needed = new Set([...kept, ...neededOfHosts(), ...native, ...left.flatMap(readTerms)]);
  const places = [dist, join(root, 'src'), ...left.map((name) => join(packages, name))];
  const removed = places.map((directory) => keepOnly(needed, directory)).reduce((sum, bytes) => sum + bytes, 0);
  console.log(`Removed ${(removed / bytesPerMb).toFixed(0)} MB of files that no host reads.`);
}

/** Returns how many bytes it removed. */
function keepOnly(needed: ReadonlySet<string>, directory: string): number {
  let removed = 0;
  for (const path of readdirSync(directory).map((name) => join(directory, name))) {
    const status = lstatSync(path);
    if (status.isDirectory()) removed += keepOnly(needed, path);
    else if (!needed.has(path)) {
      rmSync(path);
      removed += status.size;
    }
  }
  if (readdirSync(directory).length === 0) rmdirSync(directory);
  return removed;
}

function neededOfHosts(): string[] {
  const hosts = Object.values(bundles).flatMap((name) =>
    ['', '.cache'].map((suffix) => `${join(dist, name)}${suffix}`),
  );
  const others = ['code-cache.js', 'playground.js', 'sbom.cdx.json', 'THIRD-PARTY-NOTICES.txt'];
  return [
    ...hosts,
    ...others.map((name) => join(dist, name)),
    ...Object.values(builtModules),
    ...Object.values(starters),
  ];
}

/** What names a package and its licence. */
function readTerms(name: string): string[] {
  const terms = readdirSync(join(packages, name)).filter((file) => /^(package\.json|licen[cs]e|notice)/i.test(file));
  return terms.map((file) => join(packages, name, file));
}

interface Package {
  dependencies?: Record<string, string>;
}

/**
 * Makes the manifests name only the packages of which something is left, without dependencies, and those that are `outside`
 * of the bundles, with theirs.
 *
 * `npm prune`, which follows, deletes the others then. It would install again what is deleted but named.
 */
export function leaveOutPackages(outside: readonly string[]): void {
  const manifest = readManifest<Package>('package.json');
  const kept = [...left, ...outside];
  const dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies ?? {}).filter(([name]) => kept.includes(name)),
  );
  writeManifest('package.json', { ...manifest, dependencies });
  const lock = readManifest<{ packages: Record<string, Package> }>('package-lock.json');
  (lock.packages[''] as Package).dependencies = dependencies;
  for (const path of left.map((name) => `node_modules/${name}`)) {
    delete lock.packages[path]?.dependencies;
    const { dependencies: _, ...others } = readManifest<Package>(`${path}/package.json`);
    writeManifest(`${path}/package.json`, others);
  }
  writeManifest('package-lock.json', lock);
  // npm's record of what is installed, which would be believed instead.
  rmSync(join(packages, '.package-lock.json'), { force: true });
}

const readManifest = <Manifest>(path: string): Manifest => JSON.parse(readFileSync(join(root, path), 'utf8'));

function writeManifest(path: string, manifest: unknown): void {
  rmSync(join(root, path));
  writeFileSync(join(root, path), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
