/** Google's conformance client of functions-framework, against a function of its contract that our takeover serves. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { modelDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { type GoProgram, installGoProgram } from './go-programs';

const run = promisify(execFile);
const client = 'github.com/GoogleCloudPlatform/functions-framework-conformance/client@v1.8.8';

/** `CONFORMANCE_CLIENT` names one that is built already. */
function findClient(): GoProgram {
  if (process.env.REFEREES !== 'all') return { missing: 'set REFEREES=all (minutes of a build by go)' };
  const { CONFORMANCE_CLIENT: program } = process.env;
  return program === undefined ? installGoProgram(client) : { program };
}

/** Our function as it is, but for the app that it serves. */
const otherApp: Plugin = {
  name: 'other-app',
  setup({ onResolve }) {
    const path = join(__dirname, '../fixtures/conformance/copy-app.ts');
    onResolve({ filter: /^\.\/app\/app$/ }, () => ({ path }));
  },
};

describe('The conformance client of functions-framework', () => {
  const found = findClient();
  if ('missing' in found) {
    test.skip(`is not run: ${found.missing}`, () => undefined);
    return;
  }
  const { program } = found;

  let directory: string;
  beforeEach(async () => {
    // Below node_modules, where the function finds what it requires.
    const cache = join(projectDirectory, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    directory = mkdtempSync(join(cache, 'conformance-'));
    const entryPoints = [join(projectDirectory, 'src/index.ts')];
    const outfile = join(directory, 'index.js');
    await build({ entryPoints, outfile, bundle: true, platform: 'node', packages: 'external', plugins: [otherApp] });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** The client starts the framework with the function of `source` itself, on port 8080, and fails with what both have said. */
  async function judge(source: string, words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const framework = join(projectDirectory, 'node_modules/.bin/functions-framework');
    const command = `${process.execPath} ${framework} --target=predict --source=${source}`;
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, TMPDIR: directory, MODEL_DIR: modelDirectory, LOG_REQUESTS: 'none', ...variables };
    const settings = ['-buildpacks=false', '-start-delay=3', `-cmd=${command}`];
    const { stderr } = await run(program, [...settings, ...words], { cwd: directory, env });
    return stderr;
  }

  describe.each(['on', 'off'])('with DIRECT_SERVING=%s', (directServing) => {
    test.each([
      ['bodies of a function of HTTP', ['-type=http']],
      ['answers of a function with types', ['-type=http', '-declarative-type=typed']],
      ['ten requests at a time', ['-type=http', '-validate-concurrency', '-envs=COPY_DELAY_MS=1100']],
    ])('accepts %s', async (_, words) => {
      expect(await judge(directory, words, { DIRECT_SERVING: directServing })).toContain('All validation passed!');
    });
  });

  test('refuses a function that does not keep the contract: the model', async () => {
    await expect(judge(projectDirectory, ['-type=http'])).rejects.toThrow('validation failure');
  });
});
