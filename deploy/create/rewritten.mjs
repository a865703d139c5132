/** Files of the package that a project has with other contents: its scripts and packages, what is compiled, what is served. */

/** Of package.json: all that serves, checks and deploys a model. */
const scripts = ['build', 'ready', 'start', 'start:server', 'model', 'predict', 'loop', 'deploy', 'gcp-build'];
const tools = ['@types/node', 'esbuild', 'hyparquet-writer', 'typescript'];

/** @typedef {{ readonly [name: string]: string }} Words */

/**
 * @param {{ version: string, main: string, engines: Words, scripts: Words, dependencies: Words, devDependencies: Words }} ours
 * @param {{ name: string, hosts: readonly string[] }} answers
 */
export function toProjectPackage(ours, { name, hosts }) {
  const kept = pick(ours.scripts, scripts);
  const served = hosts.includes('function') ? kept.start : kept['start:server'];
  return {
    name: toPackageName(name),
    version: '0.1.0',
    private: true,
    main: ours.main,
    engines: ours.engines,
    scripts: {
      ...kept,
      start: served,
      check: 'tsc --noEmit',
      test: 'npm run --silent build && npm run --silent check && node --test test/*.test.mjs',
    },
    dependencies: ours.dependencies,
    devDependencies: pick(ours.devDependencies, tools),
  };
}

/**
 * What npm takes as a name, of any words.
 * @param {string} words
 */
export function toPackageName(words) {
  const name = words.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-');
  return name.replaceAll(/^[-._]+|[-._]+$/g, '').slice(0, 100) || 'endpoint';
}

/**
 * @param {Words} from
 * @param {readonly string[]} names
 * @returns {Words}
 */
function pick(from, names) {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

/**
 * Without Jest and the tests of the package.
 * @param {{ compilerOptions: object }} ours
 */
export function toProjectTypeScript({ compilerOptions, ...others }) {
  return {
    ...others,
    compilerOptions: { ...compilerOptions, types: ['node'] },
    include: ['src', 'model/hooks.ts', 'model/candidate/hooks.ts'],
  };
}

/**
 * The list of protocols without some.
 * @param {string} text of src/app/protocols.ts
 * @param {readonly string[]} absent folders
 */
export function withProtocols(text, absent) {
  return absent.reduce((rest, folder) => {
    const found = new RegExp(`^import \\{ (\\w+) \\} from '\\.\\./protocols/${folder}/.*\\n`, 'm').exec(rest);
    if (found === null) throw new Error(`Expected src/app/protocols.ts to import from ${folder}/, found no such line.`);
    return rest.replace(found[0], '').replace(new RegExp(`^ {2}${found[1]},\\n`, 'm'), '');
  }, text);
}
