/**
 * Loads a bundled host with the code that V8 compiled while the build tried it.
 *
 * Node's own compile cache keeps a directory for each processor and says nothing when V8 refuses what is in it. V8 itself
 * asks for the same version and flags only, and tells.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

export type CodeCacheState = 'accepted' | 'rejected' | 'missing';

// On the global object: a bundle holds a copy of this module of its own.
const stateKey = Symbol.for('onnx-predict-function.code-cache');

/** Undefined if the host runs from files of its own, not from a bundle. */
export function readCodeCacheState(): CodeCacheState | undefined {
  return Reflect.get(globalThis, stateKey);
}

/** Runs a bundle as a CommonJS module and returns its exports. */
export function loadBundle(file: string): unknown {
  const cachedData = readCache(file);
  const script = compile(file, cachedData);
  const state: CodeCacheState =
    cachedData === undefined ? 'missing' : script.cachedDataRejected === true ? 'rejected' : 'accepted';
  Reflect.set(globalThis, stateKey, state);
  return run(script, file);
}

/** Runs a bundle and writes the code of every function that has run by the time the process exits. */
export function recordBundle(file: string): unknown {
  const script = compile(file, undefined);
  process.on('exit', () => writeFileSync(cacheOf(file), script.createCachedData()));
  return run(script, file);
}

const cacheOf = (file: string) => `${file}.cache`;

function readCache(file: string): Buffer | undefined {
  try {
    return readFileSync(cacheOf(file));
  } catch {
    return undefined;
  }
}

function compile(filename: string, cachedData: Buffer | undefined): Script {
  // A bundle is ASCII, which V8 keeps in a byte a character when it is read as Latin-1.
  const wrapped = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(filename, 'latin1')}\n})`;
  return new Script(wrapped, { filename, ...(cachedData && { cachedData }) });
}

function run(script: Script, file: string): unknown {
  const loaded = { exports: {} };
  script.runInThisContext().call(loaded.exports, loaded.exports, require, loaded, file, dirname(file));
  return loaded.exports;
}
