/** Prints the commands of a deploy and runs them; with --dry-run it only prints them. */
import { runCommand } from '../src/commands/command-line.cjs';
import { toCommands } from './commands.mjs';
import { checkMemory } from './memory.mjs';
import { print, readProject, run } from './run.mjs';
import { readSettings } from './settings.mjs';

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
