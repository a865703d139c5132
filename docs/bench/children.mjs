/** Every process the bench starts, so that none outlives it however it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { killTree } from './process-tree.mjs';

const children = new Set();

process.on('exit', () => {
  for (const child of children) killTree(child.pid);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** Like child_process.spawn; the child is killed when the bench exits. */
export function spawnChild([program, ...args], options) {
  const child = spawn(program, args, options);
  children.add(child);
  child.on('exit', () => children.delete(child));
  child.on('error', () => children.delete(child));
  return child;
}

/** Runs a command to its end and gives its standard output; a failure throws with the end of its standard error. */
export async function runChild(command, options = {}) {
  const child = spawnChild(command, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  const [code] = await once(child, 'close');
  if (code === 0) return output.text();
  throw new Error(`${command[0]} ended with ${code}: ${errors.text().trim().slice(-2_000)}`);
}

/** The text a stream has carried so far. */
export function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return { text: () => Buffer.concat(chunks).toString() };
}
