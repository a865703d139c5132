/** Hooks are held to their card, to the golden samples, and to the schema of answers, before a model is served. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../commands/model/command';
import { hooks, samples, writeHookedModel } from '../../hooked-model';
import { startHost } from '../../hosts';

const work = mkdtempSync(join(tmpdir(), 'hooks-'));
afterAll(() => rmSync(work, { recursive: true }));
let count = 0;

function make(options: Parameters<typeof writeHookedModel>[1]): string {
  const directory = join(work, String(count++));
  writeHookedModel(directory, options);
  return directory;
}

test('check reports a model with hooks in the terms of its callers', async () => {
  const { code, output } = await run('check', make({}));
  expect(output).toMatch(/samples +all 3 reproduced, largest difference 0\.0e\+0/);
  expect(output).toMatch(/side: BYTES/);
  expect(output).toContain(`-d '{"instances":[{"side":"1.5 cm"}]}'`);
  expect(output).toContain('{"predictions":[{"area":2.25,"text":"1.5 cm squared"}]}');
  expect(code).toBe(0);
});

test.each([
  [
    'another hash',
    { card: { sha256: '0'.repeat(64) } },
    /hooks\.js does not match its card: expected sha256 0{64}, got/,
  ],
  ['no function', { source: 'exports.before = 5;' }, /hooks\.js exports before: expected a function before/],
  ['nothing', { source: '' }, /hooks\.js exports nothing/],
  ['a failure', { source: 'throw new Error("no such package");' }, /no such package/],
  [
    'a failing hook',
    { source: 'exports.before = () => { throw new Error("broken"); };' },
    /The hook .*before.* failed: broken/,
  ],
  [
    'other answers',
    { source: hooks.replace("' squared'", "' cubed'") },
    /The golden sample 0 is answered differently: .*text/,
  ],
  [
    'answers of another form',
    { card: { prediction: { type: 'object', required: ['volume'] } } },
    /golden sample 0 does not match the card's schema of predictions: the answer: expected the member .*volume/,
  ],
  [
    'a sample that is no instance',
    { golden: [{ ...samples[0], instance: { side: '1 inch' } }] },
    /\/samples\/0\/side: expected a length in cm/,
  ],
  [
    'TypeScript that is not built',
    { file: 'hooks.ts', source: 'export const before = () => [1];' },
    /hooks\.ts is not built: .* npm run build/,
  ],
])(
  'hooks with %s are refused at load, with the reason in the log and not in the answer',
  async (_, options, reason) => {
    const directory = make(options as Parameters<typeof writeHookedModel>[1]);
    const host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
    const { status, text } = await host.post('/predict', { instances: [{ side: '1 cm' }] });
    expect(status).toBe(503);
    expect(text).not.toMatch(/hook/i);
    expect(await host.line(reason)).toBeTruthy();
    await host.stop();
  },
);

test.each([
  ['the instance is no object', { instance: { type: 'string' } }, /instance/],
  ['the schema is none', { prediction: { type: 'nothing' } }, /schema is invalid/],
  ['the file lies elsewhere', { file: '../hooks.js' }, /hooks\/file/],
])('a card is refused when %s', async (_, card, reason) => {
  const directory = make({ card: card as Record<string, unknown> });
  const { code, output, errors } = await run('check', directory, '--quick');
  expect(code).toBe(1);
  expect(output + errors).toMatch(reason);
});

test('a candidate with another form of instances cannot stand beside the model', async () => {
  const directory = make({});
  writeHookedModel(join(directory, 'candidate'), {
    card: { timeoutMs: 5, instance: { type: 'object', properties: { far: {} } } },
  });
  const path = join(directory, 'candidate/card.json');
  const card = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...card, version: '2' }));
  const host = await startHost('server.ts', { env: { MODEL_DIR: directory, CANDIDATE_TRAFFIC: 'shadow' } }).catch(
    String,
  );
  expect(host).toMatch(/cannot replace 1: expected the hooks/);
});

test('a candidate with other hooks cannot be a shadow, which gets the features of the model', async () => {
  const directory = make({});
  writeHookedModel(join(directory, 'candidate'), { source: `${hooks}\n` });
  const path = join(directory, 'candidate/card.json');
  const card = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...card, version: '2' }));
  const env = { MODEL_DIR: directory, CANDIDATE_TRAFFIC: 'shadow' };
  expect(await startHost('server.ts', { env }).catch(String)).toMatch(/the candidate has other hooks/);
  const host = await startHost('server.ts', { env: { ...env, CANDIDATE_TRAFFIC: '50' } });
  await host.stop();
});
