/** Served sets hold the truth of rows that nobody saw as often as asked, or the answer says why they may not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, startHost } from './hosts';
import { copyModel } from './model-copy';
import { modelDirectory, samples } from './model-files';
import { projectDirectory } from './processes';
import { inferenceOf, path as inferencePath, tensor } from './protocols/open-inference/inference';
import { chanceOfAtMost, holds, predictWith, readTested } from './served-coverage';

const diabetes = join(projectDirectory, 'test/fixtures/models/diabetes');
const byChance = 1e-3;
const coverages = [0.5, 0.8, 0.9, 0.95];
const rows = samples.map(({ instance }) => instance);
const coverage = 0.97;

const table = readFileSync(join(projectDirectory, 'docs/reference/uncertainty.md'), 'utf8');

/** What the documents say of a coverage. */
function documented(share: number, column: number): number {
  return Number(table.split(`\n| ${share} |`)[1]?.split('|')[column]);
}

describe.each([
  ['labels', modelDirectory, 0],
  ['numbers', diabetes, 1],
])('sets of %s', (_, directory, column) => {
  const tested = readTested(directory);
  let host: Host;
  beforeAll(async () => {
    host = await startHost('in process', { env: { MODEL_DIR: directory } });
  });
  afterAll(() => host.stop());

  test.each(coverages)('hold the truth of %d of the rows that nobody saw, within chance', async (requested) => {
    const { predictions, coverage: told } = await predictWith(
      host,
      tested.map(({ instance }) => instance),
      requested,
    );
    expect(told).toEqual({ requested, rows: 120 });
    const held = predictions.filter((prediction, i) => holds(prediction, tested[i] ?? { instance: [] })).length;
    expect(documented(requested, column)).toBe(held);
    expect(chanceOfAtMost(held, tested.length, 120, requested)).toBeGreaterThan(byChance);
    // Many rows have the same score as others: then more labels stay in than must.
    if (directory === modelDirectory) return;
    expect(1 - chanceOfAtMost(held - 1, tested.length, 120, requested)).toBeGreaterThan(byChance);
  });

  test('grow with the coverage, and are as small as they can be', async () => {
    const sizes = [];
    for (const requested of [...coverages, 0.99]) {
      const { predictions } = await predictWith(
        host,
        [tested[0]?.instance, tested[1]?.instance, tested[2]?.instance],
        requested,
      );
      const [size] = predictions.map(({ label_set: labels, interval }) =>
        labels === undefined ? (interval?.upper ?? 0) - (interval?.lower ?? 0) : labels.length,
      );
      sizes.push(size);
    }
    expect(sizes).toEqual([...sizes].sort((a = 0, b = 0) => a - b));
    if (directory === modelDirectory) expect(sizes[0]).toBe(1);
  });
});

describe('a model', () => {
  test('without uncertainty refuses a coverage and does not describe one', async () => {
    const copy = copyModel();
    copy.edit<object>('card.json', ({ uncertainty: _, ...others }: { uncertainty?: unknown }) => others);
    const host = await startHost('in process', { env: { MODEL_DIR: copy.directory } });
    try {
      const reply = await host.post('/predict', { instances: rows, parameters: { coverage } });
      expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('version 1 has no uncertainty')]);
      expect((await host.request('GET', '/openapi.json')).text).not.toMatch(/label_set|coverage/);
      expect((await host.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' })).text).not.toContain('coverage');
    } finally {
      await host.stop();
      copy.remove();
    }
  });

  test('whose rows have drifted says so beside the sets, and not before', async () => {
    const host = await startHost('in process');
    try {
      const strange = Array.from({ length: 400 }, () => rows[149]?.map((value) => value * 2));
      expect((await predictWith(host, strange, 0.9)).coverage?.warning).toBeUndefined();
      const { coverage: told } = await predictWith(host, rows, 0.9);
      expect(told?.warning).toMatch(
        /^Drift from the training data: "\w+" \(PSI \d+\.\d\d\), .* and \d more\. Fewer than 90 % of /,
      );
      const body = { inputs: [tensor(rows.flat())], parameters: { coverage } };
      const inference = inferenceOf(await host.post(`${inferencePath}/infer`, body));
      expect(inference).toMatchObject({ parameters: { coverage_warning: expect.stringContaining('Fewer than 97 %') } });
    } finally {
      await host.stop();
    }
  });
});

test('What makes sets is loaded by the first request that asks for a coverage', () => {
  const bodies = [undefined, undefined, { coverage }].flatMap((parameters) => [
    '/predict',
    JSON.stringify({ instances: [rows[0]], parameters }),
  ]);
  const program = join(projectDirectory, 'test/fixtures/tell-files.cjs');
  const env = { ...process.env, MODEL_DIR: modelDirectory };
  const told = execFileSync(process.execPath, [program, ...bodies], { encoding: 'utf8', env });
  const [first, second, third] = told
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly status: number; readonly files: readonly string[] });
  expect([first?.status, second, third?.status]).toEqual([200, { status: 200, files: [] }, 200]);
  const ofSets = (file: string) =>
    /coverage|prediction-set|uncertainty|drifted|parameters|misspelled|edit-distance/.test(file);
  expect(first?.files.filter(ofSets)).toEqual([]);
  expect(third?.files.filter(ofSets)).toEqual(third?.files.filter((file) => !file.endsWith('flags.js')));
});
