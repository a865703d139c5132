/** What starts the bundles of a deploy, in the places of what it replaces. */
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundles } from './bundles';
import { dist, framework, packages } from './paths';

export const starters = {
  /** `main` of package.json, which the framework loads again, as the module of the function. */
  function: join(dist, 'index.cjs'),
  service: join(dist, 'server.js'),
  /** Where `node_modules/.bin/functions-framework` points. */
  framework: join(packages, framework, 'build/src/main.js'),
};

/** Lets each host load its bundle by the function of `code-cache` that has this name. */
export function writeStarters(load: 'loadBundle' | 'recordBundle'): void {
  const loadIt = (file: string) => `require("./code-cache").${load}(require.resolve("./${file}"))`;
  writeFileSync(starters.function, `module.exports = ${loadIt(bundles.function)};\n`);
  writeFileSync(starters.service, `${loadIt(bundles.service)};\n`);
  const main = relative(dirname(starters.framework), starters.function);
  // Not into the file that is there: it may have other links, in another checkout's packages or a cache of them.
  rmSync(starters.framework);
  writeFileSync(starters.framework, `#!/usr/bin/env node\nrequire("${main}").start();\n`, { mode: 0o755 });
}
