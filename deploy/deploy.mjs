/** Prints the commands of a deploy and runs them; with --dry-run it only prints them. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCommand, UsageError } from './command-line.mjs';
import { toCommands } from './commands.mjs';
import { checkMemory } from './memory.mjs';
import { print } from './print-command.mjs';
import { readSettings } from './settings.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {readonly string[]} command */
function run([program = '', ...words]) {
  const { status, error } = spawnSync(program, words, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw new Error(`Cannot start ${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} failed: expected exit code 0, got ${status}.`);
}

/**
 * A dry run needs neither gcloud nor a project: it prints a placeholder, and says so on standard error.
 * @param {boolean} isDryRun
 */
function readProject(isDryRun) {
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

await runCommand(() => {
  const settings = readSettings(process.argv.slice(2), readProject);
  // An image holds a model of its own.
  const warning = settings.image === undefined ? checkMemory(settings.memory) : undefined;
  if (warning !== undefined) console.error(warning);
  for (const command of toCommands(settings)) {
    print(command);
    if (!settings['dry-run']) run(command);
  }
});
