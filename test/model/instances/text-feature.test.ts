/** A feature may be a text: it becomes ids, a mask and types, as the card says, and what cannot is refused with its place. */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCard } from '../../../src/model/card/card';
import { compileValidators } from '../../../src/model/instances/compile';
import { createContract } from '../../../src/model/instances/contract';
import { finish } from '../../../src/turns';
import { describeEachHost, type Host, startHost } from '../../hosts';
import { fixtures, make, reviews } from '../text-model';

const ask = (host: Host, ...texts: readonly unknown[]) =>
  host.post('/predict', { instances: texts.map((text) => ({ text })) });

describeEachHost(
  'Texts',
  (host) => {
    test('a lone half of a surrogate pair is what stands for it in UTF-8', async () => {
      const { json } = await ask(host, 'a \ud800 b', 'a \ufffd b');
      const { predictions } = json as { predictions: readonly unknown[] };
      expect(predictions[0]).toEqual(predictions[1]);
    });

    test.each([
      [5, 'text: expected a string, got the number 5'],
      [null, 'text: expected a string, got null'],
      [['a'], 'text: expected a string, got an array of 1'],
      ['x'.repeat(10_001), 'text: expected a text of at most 10000 characters, got the string "xxx'],
      ['😀'.repeat(10_001), 'text: expected a text of at most 10000 characters, got the string'],
    ])('case %# is refused with its place', async (text, detail) => {
      const { status, json } = await ask(host, 'good', text);
      expect(status).toBe(422);
      const { errors } = json as { errors: readonly { pointer: string; detail: string }[] };
      expect(errors).toEqual([{ pointer: '/instances/1/text', detail: expect.stringContaining(detail) }]);
    });

    test('characters are counted as Unicode does', async () => {
      expect((await ask(host, '😀'.repeat(10_000))).status).toBe(200);
    });

    test('the documents say that callers send a string', async () => {
      const { json } = await host.request('GET', '/openapi.json');
      const { components } = json as { components: { schemas: Record<string, { properties: object }> } };
      expect(Object.values(components.schemas)).toContainEqual(
        expect.objectContaining({
          properties: { text: expect.objectContaining({ type: 'string', maxLength: 10_000 }) },
        }),
      );
      const table = await host.post('/invocations', {
        dataframe_split: { columns: ['text'], data: [['The soup was great.']] },
      });
      expect(table.json).toMatchObject({ predictions: [{ label: reviews[0]?.prediction.label }] });
    });
  },
  { env: { MODEL_DIR: join(fixtures, 'reviews') } },
);

describe('a card', () => {
  test('may refuse a text with too many tokens instead of cutting it', async () => {
    const long = 'The story was great. '.repeat(12);
    const directory = make('refusing', { truncate: false });
    writeFileSync(
      join(directory, 'samples.json'),
      JSON.stringify({ samples: reviews.filter(({ instance: [text] }) => text !== long) }),
    );
    const host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
    const { status, json } = await ask(host, long);
    expect(status).toBe(422);
    expect((json as { detail: string }).detail).toContain(
      'text: expected a text of at most 24 tokens, got 62 in the string',
    );
    await host.stop();
  });

  test('without special tokens refuses a text of no tokens', () => {
    const directory = make('bare', { specialTokens: false });
    const file = readCard(directory);
    const contract = createContract(file.card, directory, compileValidators(file));
    const read = (text: string) => finish(contract.readInstances([{ text }], ''));
    expect(read('soup').data).toEqual([
      [{ sizes: [1], data: expect.any(BigInt64Array) }],
      expect.anything(),
      expect.anything(),
    ]);
    expect(() => read(' ')).toThrow('/0/text: text: expected a text with at least one token, got the string " "');
  });

  test('with a pad and no mask takes a text of no tokens as one that is filled up', () => {
    const own = { specialTokens: false, pad: 3, mask: undefined, types: undefined };
    const directory = make('padded', own, (card) => ({ ...card, inputs: card.inputs.slice(0, 1) }));
    const file = readCard(directory);
    const contract = createContract(file.card, directory, compileValidators(file));
    const [ids] = finish(contract.readInstances([[' ']], '')).data;
    expect(ids).toEqual([{ sizes: [1], data: BigInt64Array.of(3n) }]);
  });

  test.each([
    ['is missing', { file: 'other-tokenizer.json' }, /other-tokenizer\.json is missing: the card in/],
    ['is another one', { sha256: '0'.repeat(64) }, /tokenizer\.json does not match its card: expected sha256 0{64}/],
    [
      'is none',
      { file: 'no-tokenizer.json', sha256: hashOf('samples.json') },
      /no-tokenizer\.json is no tokenizer that can be opened: expected the form of Hugging Face/,
    ],
  ])('whose tokenizer %s is not served', async (title, tokenizer, message) => {
    const directory = make(title.replaceAll(' ', '-'), tokenizer);
    cpSync(join(directory, 'samples.json'), join(directory, 'no-tokenizer.json'));
    const host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(503);
    expect((await ask(host, 'soup')).status).toBe(503);
    await host.line(message);
    await host.stop();
  });
});

function hashOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(fixtures, 'reviews', name)))
    .digest('hex');
}
