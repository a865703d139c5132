/** Prints commands as a shell takes them, runs them, and knows the project that gcloud is set to. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../src/commands/command-line.cjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Words that need no quotes in a shell. */
const plainWord = /^[\w@%+=:,./-]+$/;

/** @param {string} word */
function quote(word) {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param {readonly string[]} command */
export function print(command) {
  const words = command.map(quote);
  const firstFlag = words.findIndex((word) => word.startsWith('--'));
  const head = words.slice(0, firstFlag === -1 ? words.length : firstFlag).join(' ');
  console.log([head, ...words.slice(head.split(' ').length)].join(' \\\n  '));
}

/** @param {readonly string[]} command */
export function run([program = '', ...words]) {
  const { status, error } = spawnSync(program, words, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw new Error(`Cannot start ${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} failed: expected exit code 0, got ${status}.`);
}

/**
 * Runs a command that creates something; what exists already is left as it is.
 * @param {readonly string[]} command
 */
export function runUnlessThere([program = '', ...words]) {
  const { status, stderr, error } = spawnSync(program, words, {
    stdio: ['inherit', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw new Error(`Cannot start ${program}: install it from https://cloud.google.com/sdk/docs/install`, {
      cause: error,
    });
  process.stderr.write(stderr);
  if (status !== 0 && !/ALREADY_EXISTS|already exists/i.test(stderr))
    throw new Error(`${program} failed: expected exit code 0, got ${status}.`);
}

/**
 * A dry run needs neither gcloud nor a project: it prints a placeholder, and says so on standard error.
 * @param {boolean} isDryRun
 */
export function readProject(isDryRun) {
  const { stdout, error } = spawnSync('gcloud', ['config', 'get', 'project'], { encoding: 'utf8' });
  const project = (stdout ?? '').trim();
  if (project !== '') return project;
  const cure = 'pass --project=ID, or run `gcloud config set project ID`.';
  if (isDryRun) {
    console.error(`No project is set, PROJECT_ID stands for it: ${cure}`);
    return 'PROJECT_ID';
  }
  if (error !== undefined)
    throw new UsageError('gcloud was not found: install it from https://cloud.google.com/sdk/docs/install.');
  throw new UsageError(`No project is set: ${cure}`);
}
