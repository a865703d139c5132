/** The rules of cards are the package's own: whatever schema lies beside a card, one that breaks them stops the start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../../src/config';
import { createModel } from '../../../src/model/model';
import { useCopies } from '../../broken-model';
import { run } from '../../commands/model/command';
import { launchHost } from '../../hosts';
import { type Card, modelDirectory } from '../../model-files';
import { projectDirectory } from '../../processes';

const copy = useCopies();

/** A directory whose card says something else, with a schema that allows everything. */
function permit(change: Partial<Card> | object): string {
  copy().write('card.schema.json', '{}');
  copy().edit<Card>('card.json', (card) => ({ ...card, ...change }));
  return copy().directory;
}

test.each<[string, object, RegExp]>([
  ['a version that no header field can hold', { version: '1 β' }, /\/version: must match pattern/],
  ['a version that would be two header fields', { version: '1\r\nset-cookie: a' }, /\/version: must match pattern/],
  ['a version with an end of line', { version: '1\n' }, /\/version: must match pattern/],
  ['a version that is an empty text', { version: '' }, /\/version: must match pattern/],
  ['a version that is no text', { version: 1 }, /\/version: must be string/],
  ['a version of a kilobyte', { version: '1'.repeat(1024) }, /\/version: must NOT have more than 128/],
  ['a name that no header field can hold', { name: 'rose é' }, /\/name: must match pattern/],
  ['labels with control characters', { labels: ['a\r\n', 'b', 'c'] }, /\/labels\/0: must match pattern/],
  ['a label twice', { labels: ['a', 'b', 'a'] }, /\/labels: must NOT have duplicate items/],
  ['rows that cannot be run', { maxBatchRows: 0 }, /\/maxBatchRows: must be >= 1/],
  ['a name that is spelled otherwise', { toleranse: 1 }, /no member "toleranse" \(did you mean "tolerance"\?\)/],
  ['a member that nothing reads', { maxRows: 1 }, /there is no member "maxRows"/],
])('%s is refused beside a schema that allows it', (_title, change, message) => {
  const directory = permit(change);
  expect(() => createModel(readConfig({ MODEL_DIR: directory }))).toThrow(message);
});

test.each(['server.ts', 'functions-framework'] as const)('%s does not start with such a card', async (kind) => {
  const host = await launchHost(kind, { env: { MODEL_DIR: permit({ version: '1 β' }) } });
  expect(await host.exitCode).toBe(1);
  expect(host.lines.join('\n')).toMatch(/The model card does not match its schema: \/version/);
});

test('`npm run model -- check` names the breach, and `inspect` writes the package’s schema', async () => {
  const checked = await run('check', permit({ version: '1 β' }));
  expect(checked).toMatchObject({ code: 1, output: expect.stringMatching(/FAULT card .*\/version/) });
  copy().restore('card.json');
  const weights = join(copy().directory, 'model.onnx');
  expect(await run('inspect', weights, '--out', copy().directory, '--force')).toMatchObject({ code: 0 });
  expect(readSchema(copy().directory)).toEqual(readSchema(join(projectDirectory, 'src/model/card')));
});

test('the schema that comes with the model is the package’s', () => {
  expect(readSchema(modelDirectory)).toEqual(readSchema(join(projectDirectory, 'src/model/card')));
});

function readSchema(directory: string): unknown {
  return JSON.parse(readFileSync(join(directory, 'card.schema.json'), 'utf8'));
}
