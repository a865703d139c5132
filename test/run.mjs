/** `npm test`: the inner loop, and what is outside of it where `CI` is set or its tools are there; says at the end what it left out. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { findMissing } from './tools.cjs';

const require = createRequire(import.meta.url);
const missing = process.env.CI ? [] : findMissing();
const isWhole = missing.length === 0;

const projects = isWhole ? ['inner', 'outside'] : ['inner'];
const jest = [require.resolve('jest/bin/jest'), ...process.argv.slice(2), '--selectProjects', ...projects];
const { status, error } = spawnSync(process.execPath, jest, { stdio: 'inherit' });
if (error !== undefined) console.error(`Jest cannot be started: ${error.message}`);
process.exitCode = status ?? 1;

if (!isWhole) {
  console.error(`
Left out: the tests with clients' Python environments, a schema fuzzer, a browser, deploys, the comparison, the start and
the end of hosts, the model commands, and the attacks of test/survive/. Why: CI is not set, and
${missing.map((what) => `  - ${what}`).join('\n')}
Run them with: npm run test:outside (several minutes; the first time it sets up the Python environments)`);
}
