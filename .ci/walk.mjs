/**
 * Walks a tutorial: `node .ci/walk.mjs DOCUMENT` runs its blocks of `sh` in one shell, in the directory that it is in, and fails when one
 * fails or does not print what stands below it. There, `…` stands for any lines; `--print` shows what each block printed instead.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [path, ...words] = process.argv.slice(2);
const isPrinted = words.includes('--print');
const port = String(20_000 + (process.pid % 10_000));
const blocks = [...readFileSync(path, 'utf8').matchAll(/```sh\n([^`]*)```\n(?:\n```text\n([^`]*)```)?/g)].map(
  ([, commands, printed]) => ({ commands: commands.replaceAll('8080', port), printed }),
);
if (blocks.length === 0) throw new Error(`Expected blocks of sh in ${path}, got none.`);

/** Between the outputs of two blocks. */
const boundary = '\n@@ next block @@\n';
const script = ['set -eo pipefail', `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT`];
for (const { commands } of blocks) script.push(commands, `printf '${boundary.replaceAll('\n', '\\n')}'`);
const { stdout, status } = spawnSync('bash', ['-c', script.join('\n')], {
  env: { ...process.env, PORT: port, ENDPOINT: `http://localhost:${port}` },
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
});
const outputs = stdout.split(boundary);
const faults = [];
if (status !== 0) faults.push(`exit code ${status} after:\n${blocks[outputs.length - 1]?.commands ?? ''}${outputs.at(-1)}`);

for (const [i, { commands, printed }] of blocks.slice(0, status === 0 ? blocks.length : outputs.length - 1).entries()) {
  const output = (outputs[i] ?? '').replaceAll('\r\n', '\n');
  if (isPrinted) console.log(`$ ${commands}${output}`);
  let rest = output;
  for (const line of printed?.split('\n').filter((each) => each !== '' && each !== '…') ?? []) {
    const at = `\n${rest}`.indexOf(`\n${line}\n`);
    if (at === -1) faults.push(`${commands}expected the line ${JSON.stringify(line)}, got\n${output}`);
    else rest = rest.slice(at + line.length);
  }
}
if (faults.length > 0) console.error(faults.join('\n\n'));
else console.log(`${path}: ${blocks.length} steps, as it says.`);
process.exitCode = faults.length === 0 ? 0 : 1;
