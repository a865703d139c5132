/** Runs before the compiler: says in one line what a build cannot do without. */
import { existsSync, readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const majors = engines.node.split(' || ').map((range) => range.replace('.x', ''));
const [major] = process.versions.node.split('.');

if (!existsSync('node_modules/onnxruntime-node')) fail('No packages are installed here: run `npm ci` first.');
else if (!existsSync('node_modules/typescript'))
  fail('The packages of the build are not installed: run `npm ci` without --omit=dev.');
// A preview or an old version may work; people whose build fails should know.
else if (!majors.includes(major))
  console.warn(
    `Node.js ${process.versions.node} is not tested: expected ${majors.slice(0, -1).join(', ')} or ${majors.at(-1)}.`,
  );

function fail(reason) {
  console.error(reason);
  process.exitCode = 1;
}
