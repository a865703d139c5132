/** Programs of others that a project is made with: npm, Git, Python. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

/** Ends the program that runs, if one does, and waits for that: it would go on writing. */
export async function stopRunning() {
  if (running === undefined || running.exitCode !== null) return;
  const ended = once(running, 'close');
  running.kill();
  await ended;
}

/**
 * Runs one program after another; what it prints is part of the failure when it fails.
 * @param {string} program
 * @param {readonly string[]} words
 * @param {{ cwd: string, env?: Readonly<Record<string, string>>, cure?: string }} options
 * @returns {Promise<void>}
 */
export function run(program, words, { cwd, env = {}, cure = '' }) {
  return new Promise((done, fail) => {
    const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => output.push(piece));
    const named = [program, ...words.slice(0, 2)].join(' ');
    child.on('error', ({ message }) =>
      fail(new Error(`${program} cannot be started (${message}); nothing was created.`)),
    );
    child.on('close', (code) => {
      if (code === 0) return done();
      const said = Buffer.concat(output).toString('utf8').trim().split('\n').slice(-12).join('\n');
      fail(new Error(`\`${named}\` failed, and nothing was created.${cure && ` ${cure}`} It printed:\n${said}`));
    });
  });
}

/** @param {string} directory */
export async function install(directory) {
  console.error('Installing packages (npm ci)…');
  const cure = 'Without a network, pass --no-install.';
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory, env: withoutNpm, cure });
}

/** Settings of the npm that runs this command are not meant for the project: its own .npmrc is. */
const withoutNpm = Object.fromEntries(
  ['npm_config_ignore_scripts', 'npm_config_local_prefix', 'npm_config_package'].map((name) => [name, '']),
);

/**
 * A new repository, unless it is inside of one, or Git is not there.
 * @param {string} directory
 */
export async function startRepository(directory) {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return;
    if (at === dirname(at)) break;
  }
  // The project's workflow runs on this branch, whatever Git's own default is.
  const words = ['init', '--quiet', '--initial-branch=main'];
  const { error, stderr } = spawnSync('git', words, { cwd: directory, encoding: 'utf8' });
  const reason = error === undefined ? stderr.trim() : 'Git was not found';
  if (reason !== '') console.error(`${reason}: the project is a directory without a history.`);
}
