/** Deploy build step: deletes package files that this platform never loads. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

const modules = join(__dirname, '../../../node_modules');
const here = `${process.platform}/${process.arch}`;
const bytesPerMb = 1e6;

/** Sources, source maps, docs and development settings; packages run their .js files. */
const unloadedSuffixes = [
  ...['.ts', '.mts', '.cts', '.map'],
  ...['.md', '.yml', '.eslintrc', '.nycrc', '.editorconfig'],
];
/** Must be distributed with a package. */
const kept = /licen[cs]e|notice|copying/i;

/** Whether a file of ONNX Runtime is a library for this machine, given its path below node_modules. */
function isOwnBinary(path: string): boolean {
  return isBinary(path) && path.split(sep).slice(3, 5).join('/') === here;
}

/** ONNX Runtime keeps its libraries in bin/<Node-API version>/<platform>/<architecture>. */
function isBinary(path: string): boolean {
  return path.startsWith(join('onnxruntime-node', 'bin', sep));
}

function isDeadWeight(path: string): boolean {
  if (isBinary(path)) return !isOwnBinary(path) || isGpuProvider(path);
  return unloadedSuffixes.some((suffix) => path.endsWith(suffix)) && !kept.test(basename(path));
}

function isGpuProvider(path: string): boolean {
  return path.includes('onnxruntime_providers_');
}

/** Files only: `npm prune` reinstalls a package whose directory is gone. */
function readFiles(directory: string): string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => lstatSync(join(directory, path)).isFile());
}

function remove(path: string): number {
  const { size } = lstatSync(path);
  rmSync(path);
  return size;
}

function main(): void {
  // Run by hand, it would delete a developer's type declarations until the next `npm ci`.
  if (process.env.npm_lifecycle_event !== 'gcp-build') throw new Error('Run this only through `npm run gcp-build`.');

  const files = readFiles(modules);
  if (!files.some(isOwnBinary)) throw new Error(`No ONNX Runtime for ${here} is installed.`);
  const sizes = files.filter(isDeadWeight).map((path) => remove(join(modules, path)));
  const removedMb = sizes.reduce((sum, size) => sum + size, 0) / bytesPerMb;
  console.log(`Removed ${removedMb.toFixed(0)} MB in ${sizes.length} files that ${here} never loads.`);
}

main();
