/** Load by autocannon, inside this process; it needs more of a core per request than wrk does. */
import { createRequire } from 'node:module';
import { headers } from './bodies.mjs';

const require = createRequire(import.meta.url);

export const title = () => `autocannon ${require('autocannon/package.json').version}`;

/** @returns {Promise<import('./load.mjs').LoadResult>} */
export async function run({ port, path, body, connections, seconds }) {
  const autocannon = require('autocannon');
  const latencies = [];
  const url = `http://127.0.0.1:${port}${path}`;
  const startedAt = performance.now();
  const result = await new Promise((resolve, reject) => {
    const options = { url, method: 'POST', headers, body, connections, duration: seconds, timeout: 20 };
    const instance = autocannon(options, (error, finished) => (error ? reject(error) : resolve(finished)));
    // Its own percentiles are whole milliseconds.
    instance.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds / 1_000));
  });
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    perSecond: latencies.length / elapsedSeconds,
    p50Seconds: latencies[Math.floor(latencies.length * 0.5)],
    p99Seconds: latencies[Math.floor(latencies.length * 0.99)],
    failures: result.errors + result.non2xx,
  };
}
