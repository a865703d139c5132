/** Sets up an environment for each framework, because their pins exclude each other's; kept for the next run. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './children.mjs';
import { root } from './contenders.mjs';
import { frameworkEnvironment, frameworkIds } from './frameworks.mjs';
import { directoryFor, installPackages, pythonOf } from './python.mjs';

/**
 * @typedef {object} Installed
 * @property {string} id
 * @property {string} python
 * @property {string} bin where its programs are
 * @property {string} home for the files that it writes, and what its `prepare.py` has made there
 * @property {string} requirements what is asked of the environment, without what that requires in turn
 */

/**
 * One that cannot be installed here is left out, not a reason to measure none.
 * @returns {Promise<(Installed | { id: string, missing: string })[]>}
 */
export async function setUpFrameworks({ python, say }) {
  const results = [];
  for (const id of frameworkIds) {
    const result = await setUp(id, python, say);
    if (result.missing) say(`${id} is left out: ${result.missing}`);
    results.push(result);
  }
  return results;
}

async function setUp(id, { python, forest, version }, say) {
  const folder = join(root, 'docs/bench/peers', id);
  const pins = join(folder, 'requirements.txt');
  const prepare = join(folder, 'prepare.py');
  const directory = directoryFor(`bench-${id}`, [pins, prepare].filter(existsSync), version);
  const home = join(directory, 'home');
  // The home is made last.
  try {
    if (!existsSync(home)) {
      say(`installing ${id}, once, into ${directory}`);
      await installPackages(python, directory, pins);
      const unfinished = `${home}.part`;
      mkdirSync(unfinished);
      if (existsSync(prepare))
        await runChild([pythonOf(directory), prepare, forest, unfinished], {
          env: { ...process.env, ...frameworkEnvironment },
        });
      renameSync(unfinished, home);
    }
  } catch (error) {
    // The reason names indexes and paths, which are nobody's business in a published note.
    say(error.message);
    return { id, missing: 'it could not be installed' };
  }
  const requirements = join(folder, 'requirements.in');
  return { id, python: pythonOf(directory), bin: join(directory, 'bin'), home, requirements };
}
