/** Bundles of hosts: with the packages left where they are for this machine, with all that is JavaScript for a deploy. */
import { readFileSync, rmSync } from 'node:fs';
import type { SourceMapPayload } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, build, buildSync, type Metafile, type Plugin } from 'esbuild';
import { findHooks } from './find-hooks';
import { createNativePackages, type NativePackages } from './native-packages';
import { dist, framework, packages, root, runtime } from './paths';

const common: BuildOptions = { absWorkingDir: root, bundle: true, logLevel: 'warning' };
// Names stay: a stack in a log names our functions.
const host: BuildOptions = { ...common, platform: 'node', target: 'node20' };

export function bundlePage(): void {
  const entry = 'src/playground/main.ts';
  buildSync({ ...common, entryPoints: [entry], minify: true, target: 'es2022', outfile: 'dist/playground.js' });
}

/** The hosts as `npm start` and `npm run start:server` run them. */
export function bundleHosts(): void {
  // functions-framework takes a file of another name for an ES module until it has looked for its package.json.
  rmSync(join(dist, 'index.js'));
  const outside: BuildOptions = { ...host, packages: 'external', allowOverwrite: true };
  buildSync({ ...outside, entryPoints: ['src/index.ts'], outfile: 'dist/index.cjs' });
  buildSync({ ...outside, entryPoints: ['src/server.ts'], outfile: 'dist/server.js' });
  for (const { source, built } of findHooks()) buildSync({ ...outside, entryPoints: [source], outfile: built });
}

/** The bundles of a deploy, below `dist/`. */
export const bundles = {
  function: 'function.js',
  service: 'service.js',
  predict: 'predict.js',
  thread: 'model/runtime/inference-thread.js',
  tokenizers: 'model/tokens/library.js',
} as const;

type Bundle = (typeof bundles)[keyof typeof bundles];

// The function registers itself with the framework before the framework starts and looks for it.
const functionEntry = `
  import './index';
  export { arrive as predict } from './host/fallback';
  export const start = () => require('${framework}/build/src/main.js');
`;

const tokenizers = '@huggingface/tokenizers';

const entries: Readonly<Record<Bundle, BuildOptions>> = {
  'function.js': { stdin: { contents: functionEntry, resolveDir: join(root, 'src'), loader: 'ts' } },
  'service.js': { entryPoints: ['src/server.ts'] },
  'predict.js': { entryPoints: ['src/commands/predict/main.ts'] },
  'model/runtime/inference-thread.js': { entryPoints: ['src/model/runtime/inference-thread.ts'] },
  'model/tokens/library.js': { entryPoints: [require.resolve(tokenizers)] },
};

export interface Bundled {
  /** What each bundle is made of. */
  readonly metafiles: readonly Metafile[];
  /** Packages that bundles load from where they are installed. */
  readonly outside: readonly string[];
  /** Paths of what hooks were bundled to. */
  readonly hooks: readonly string[];
}

/** Writes the bundles with the packages that they use. */
export async function bundleDeploy(): Promise<Bundled> {
  const native = createNativePackages();
  const hooks = findHooks().map((file) => ({ ...toOptions(file.built, native), entryPoints: [file.source] }));
  const hosts = Object.values(bundles).map((bundle) => optionsOf(bundle, native));
  const built = await Promise.all([...hosts, ...hooks].map((options) => build({ ...options, metafile: true })));
  return {
    metafiles: built.map(({ metafile }) => metafile),
    outside: native.names(),
    hooks: findHooks().map((file) => file.built),
  };
}

/** The source map of a bundle, which a deploy does not need: the same sources and packages give the same bundle. */
export async function mapBundle(bundle: Bundle): Promise<SourceMapPayload> {
  const options = {
    ...optionsOf(bundle, createNativePackages()),
    sourcemap: 'external',
    sourcesContent: false,
  } as const;
  const { outputFiles } = await build({ ...options, write: false });
  return JSON.parse(outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '{}');
}

function optionsOf(bundle: Bundle, native: NativePackages): BuildOptions {
  return { ...toOptions(join(dist, bundle), native), ...entries[bundle] };
}

/** Without what only people read, a megabyte less; in lines that are short enough for a stack to point at one. */
const dense: BuildOptions = { minifyWhitespace: true, lineLimit: 160 };

function toOptions(outfile: string, native: NativePackages): BuildOptions {
  const from = dirname(outfile);
  const plugins = [native.plugin, insideFramework, nativePart(from), besideHosts(from), jsonAsText];
  return { ...host, ...dense, outfile, allowOverwrite: true, plugins };
}

/** The framework exports neither its entry nor what that loads. */
const insideFramework: Plugin = {
  name: 'inside-framework',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^${framework}/`) }, ({ path }) => ({ path: join(packages, path) }));
  },
};

/** Lets hosts load what few cards need from a bundle of its own: those without it do not read it. */
function besideHosts(from: string): Plugin {
  return {
    name: 'beside-hosts',
    setup({ onResolve }) {
      const path = `./${relative(from, join(dist, bundles.tokenizers))}`;
      onResolve({ filter: new RegExp(`^${tokenizers}$`) }, () => ({ path, external: true }));
    },
  };
}

/** Lets ONNX Runtime load its native part, which cannot be bundled, from where it is installed. */
function nativePart(from: string): Plugin {
  const place = 'require(`../bin/';
  return {
    name: 'native-part',
    setup({ onLoad }) {
      onLoad({ filter: /onnxruntime-node[/\\]dist[/\\]binding\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(place))
          throw new Error(`Expected ${path} to load its native part by ${place}, got another way.`);
        // Not by the name "require": esbuild would look for the file now.
        return { contents: text.replace(place, `(0, require)(\`${relative(from, join(packages, runtime, 'bin'))}/`) };
      });
    },
  };
}

/** A table in one line of JSON takes half the bytes of a table in JavaScript, and less time to read. */
const jsonAsText: Plugin = {
  name: 'json-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.*\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)});` };
    });
  },
};
