/** Texts become the ids that Hugging Face's own library makes of them, for each kind of tokenizer. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openTokenizer } from '../../src/model/tokens/tokenizer';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPackages } from './node-packages';
import { setUpPython } from './python';

const tokenizers = join(projectDirectory, 'test/clients/tokenizers');
const fixtures = join(projectDirectory, 'test/fixtures/models');
const packages = setUpPackages(tokenizers);
const python = setUpPython(requirements.tokenizers);

const prose = readFileSync(join(projectDirectory, 'docs/explanation/design.md'), 'utf8').split('\n');
const strange = [
  '',
  ' ',
  '  two  spaces  ',
  'Grüße aus Köln! Straße, naïve café',
  '😀👍🏽 family 👨‍👩‍👧',
  '日本語のテキスト 한국어 עברית العربية',
  '[CLS] typed [SEP] <s> </s> <unk> <|endoftext|> <|begin_of_text|>',
  'a\u0000b\ufffdc \u200b ﬁne ﷺ ㍿ ½',
  'İstanbul ΑΒΓς e\u0301 é',
  "don't can't I'll 1234567890 3.14 -5e10",
  '\t\n\r\n tabs',
  'x'.repeat(300),
  '漢字仮名 漢字 <unk><unk> 漢 a 漢',
];
const texts = [...prose, ...strange];
/** Most texts have more tokens. */
const few = 6;

const files = [
  ['WordPiece', join(fixtures, 'reviews/tokenizer.json')],
  ['Unigram', join(fixtures, 'sayings/tokenizer.json')],
  ...('missing' in packages
    ? []
    : ['gpt2', 'llama3'].map((name) => [
        `byte pairs of ${name}`,
        join(packages.directory, `node_modules/@lenml/tokenizer-${name}/models/tokenizer.json`),
      ])),
] as [string, string][];

describe('tokenizers', () => {
  if ('missing' in packages) test.skip(`of large models are not tried: ${packages.missing}`, () => undefined);
  if ('missing' in python) {
    test.skip(`are not tried: ${python.missing}`, () => undefined);
    return;
  }

  test.each(files)('%s', (_, path) => {
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    const { tokenize, cut } = openTokenizer(dirname(path), { file: basename(path), sha256 });
    for (const most of [few, 100_000]) {
      const input = JSON.stringify(texts);
      const printed = execFileSync(python.python, [join(tokenizers, 'encode.py'), path, String(most)], { input });
      const expected = JSON.parse(String(printed)) as number[][];
      expect(Math.max(...expected.map(({ length }) => length)) > few).toBe(most > few);
      const found = texts.map((text) => {
        const tokens = tokenize(text);
        return tokens.ids.length > most ? cut(tokens, most).ids : tokens.ids;
      });
      expect(found).toEqual(expected);
    }
  });
});
