/** Chooses the load generator: wrk where it is installed, else autocannon. */
import { spawnSync } from 'node:child_process';
import { path } from './bodies.mjs';
import * as autocannon from './load-autocannon.mjs';
import * as wrk from './load-wrk.mjs';

/**
 * @typedef {object} LoadResult
 * @property {number} requests answered in all
 * @property {number} perSecond answered requests per second
 * @property {number} p50Seconds
 * @property {number} p99Seconds
 * @property {number} failures answers that are not 2xx, and connections that broke
 */

/** @returns {{ title: string, run: (options: { port: number, path?: string, body: Buffer, connections: number, seconds: number }) => Promise<LoadResult> }} */
export function chooseLoadGenerator() {
  const { stdout } = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  if (!stdout) return { title: autocannon.title(), run: requireSuccess(autocannon.run) };
  const [, version] = /^wrk (\S+)/.exec(stdout) ?? [];
  return { title: `wrk ${version}`, run: requireSuccess(wrk.run) };
}

// A server that refuses quickly must not look fast.
function requireSuccess(run) {
  return async (options) => {
    const result = await run({ path, ...options });
    if (result.failures === 0 && result.requests > 0) return result;
    throw new Error(`${result.failures} failures, ${result.requests} answers at ${options.connections} connections.`);
  };
}
