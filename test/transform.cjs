/** TypeScript to what Jest runs, with esbuild, which the build has anyway: types are checked by `npm run check`. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync, version } = require('esbuild');

const own = readFileSync(__filename);

module.exports = {
  /** Jest keeps what a key gave. */
  getCacheKey: (source, path, { instrument }) =>
    createHash('sha256')
      .update(JSON.stringify([version, process.version, path, instrument, source]))
      .update(own)
      .digest('hex')
      .slice(0, 32),

  process: (source, path) =>
    transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: `node${process.versions.node}`,
      platform: 'node',
      sourcefile: path,
      sourcemap: 'inline',
      sourcesContent: false,
      tsconfigRaw: {},
    }),
};
