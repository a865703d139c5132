/** Load by wrk, one thread; load-wrk.lua gives it the body and takes the figures out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './children.mjs';

const script = fileURLToPath(new URL('load-wrk.lua', import.meta.url));
const answerTimeout = '20s';

let directory;
process.on('exit', () => directory && rmSync(directory, { recursive: true, force: true }));

/** @returns {Promise<import('./load.mjs').LoadResult>} */
export async function run({ port, path, body, connections, seconds }) {
  directory ??= mkdtempSync(join(tmpdir(), 'predict-bench-'));
  const bodyFile = join(directory, 'body.json');
  writeFileSync(bodyFile, body);
  const output = await runChild(
    [
      'wrk',
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--timeout',
      answerTimeout,
      '-s',
      script,
      `http://127.0.0.1:${port}${path}`,
    ],
    { env: { ...process.env, BENCH_BODY: bodyFile } },
  );
  return JSON.parse(output.trim().split('\n').at(-1));
}
