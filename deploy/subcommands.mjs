/** A command with subcommands: prints its usage when asked, refuses what it does not know, and becomes what it does. */
import { spawnSync } from 'node:child_process';

/**
 * Runs the program of the first word with the words behind it and takes over its exit code.
 * @param {string} usage
 * @param {Readonly<Record<string, readonly string[]>>} programs each with its first arguments, by subcommand
 * @param {readonly string[]} words
 */
export function runSubcommand(usage, programs, words) {
  if (words.includes('--help')) return void console.log(usage);
  const [name = '', ...options] = words;
  const [program, ...parameters] = Object.hasOwn(programs, name) ? (programs[name] ?? []) : [];
  if (program === undefined) {
    console.error(name === '' ? usage : `Unknown subcommand ${JSON.stringify(name)}.\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const { status, error } = spawnSync(program, [...parameters, ...options], { stdio: 'inherit' });
  if (error !== undefined) console.error(`${program} cannot be started: ${error.message}`);
  process.exitCode = status ?? 1;
}
