/** `npm run model -- inspect --tokenizer` makes a model directory that takes texts. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../../processes';
import { run, work } from './command';

const fixtures = join(projectDirectory, 'test/fixtures/models');
afterAll(() => rmSync(work, { recursive: true }));

describe('a model of tokens with its tokenizer', () => {
  const guide = readFileSync(join(projectDirectory, 'docs/guides/text.md'), 'utf8');
  const [, line = ''] = /^npm run model -- (inspect .*) --out reviews$/m.exec(guide) ?? [];
  const words = line.split(' ').map((word) => (word.startsWith('test/') ? join(projectDirectory, word) : word));
  const out = join(work, 'reviews');

  it('becomes a directory that takes texts, as the guide says', async () => {
    const inspected = await run(...words, '--out', out);
    expect(inspected).toMatchObject({ code: 0, errors: '', output: expect.stringContaining('tokenizer.json') });
    const { inputs, features } = JSON.parse(readFileSync(join(out, 'card.json'), 'utf8'));
    expect(inputs.map(({ maxShape }: { maxShape: unknown }) => maxShape)).toEqual([
      [-1, 24],
      [-1, 24],
      [-1, 24],
    ]);
    const tokenizer = { file: 'tokenizer.json', mask: 'attention_mask', types: 'token_type_ids' };
    expect(features).toEqual([
      expect.objectContaining({ name: 'text', tokenizer: expect.objectContaining(tokenizer) }),
    ]);

    const { samples } = JSON.parse(readFileSync(join(fixtures, 'reviews/samples.json'), 'utf8'));
    const named = (text: string) => text.replace('TODO class 0', 'dislikes').replace('TODO class 1', 'likes');
    const card = named(readFileSync(join(out, 'card.json'), 'utf8')).replaceAll('TODO', 'Done');
    writeFileSync(join(out, 'card.json'), JSON.stringify({ ...JSON.parse(card), tolerance: 1e-5 }));
    writeFileSync(join(out, 'samples.json'), JSON.stringify({ samples }));
    const checked = await run('check', out, '--quick');
    expect(checked.output).toMatch(/samples +all 14 reproduced/);
    expect(checked.code).toBe(0);
  });

  it('pads a fixed size with the id of the tokenizer', async () => {
    const files = ['model.onnx', 'tokenizer.json'].map((name) => join(fixtures, 'sayings', name)) as [string, string];
    const fixed = join(work, 'sayings');
    expect(await run('inspect', files[0], '--tokenizer', files[1], '--out', fixed)).toMatchObject({ code: 0 });
    const { features } = JSON.parse(readFileSync(join(fixed, 'card.json'), 'utf8'));
    expect(features).toEqual([
      expect.objectContaining({ tokenizer: expect.objectContaining({ mask: 'attention_mask', pad: 1 }) }),
    ]);
    const { samples } = JSON.parse(readFileSync(join(fixed, 'samples.json'), 'utf8'));
    expect(samples).toEqual([{ instance: ['An example.'], prediction: { embedding: expect.any(Array) } }]);
  });

  it('is refused where no input takes ids', async () => {
    const weights = join(fixtures, 'square/model.onnx');
    const tokenizer = join(fixtures, 'sayings/tokenizer.json');
    const refused = await run('inspect', weights, '--tokenizer', tokenizer, '--out', join(work, 'none'));
    expect(refused).toMatchObject({
      code: 1,
      errors: 'No input takes the ids of a tokenizer: expected a vector of integers named like input_ids, got X.\n',
    });
    const missing = await run(
      'inspect',
      weights,
      '--tokenizer',
      join(work, 'nowhere.json'),
      '--out',
      join(work, 'none'),
    );
    expect(missing).toMatchObject({ code: 2, errors: expect.stringMatching(/nowhere\.json/) });
  });
});
