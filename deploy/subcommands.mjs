/** A command with subcommands: prints its usage when asked, refuses what it does not know, and becomes what it does. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chooseSubcommand, runCommand } from '../src/commands/command-line.cjs';

/**
 * Runs the program of the first word with the words behind it and takes over its exit code.
 * @param {string} usage
 * @param {Readonly<Record<string, readonly string[]>>} programs each with its first arguments, by subcommand
 * @param {readonly string[]} words
 */
export async function runSubcommand(usage, programs, words) {
  await runCommand(() =>
    chooseSubcommand(usage, Object.keys(programs), words, (name, options) => {
      const [program = '', ...parameters] = programs[name] ?? [];
      const [script = ''] = parameters;
      if (!existsSync(script)) throw new Error(`${script} is missing: run \`npm run build\` first.`);
      const { status, error } = spawnSync(program, [...parameters, ...options], { stdio: 'inherit' });
      if (error !== undefined) throw new Error(`${program} cannot be started`, { cause: error });
      process.exitCode = status ?? 1;
    }),
  );
}
