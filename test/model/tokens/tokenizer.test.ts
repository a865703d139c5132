/** What a tokenizer costs grows with the text, and not with its square, whatever the text is made of. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTokenizer } from '../../../src/model/tokens/tokenizer';
import { projectDirectory } from '../../processes';

const fixtures = join(projectDirectory, 'test/fixtures/models');

function open(model: string) {
  const directory = join(fixtures, model);
  const file = 'tokenizer.json';
  const sha256 = createHash('sha256')
    .update(readFileSync(join(directory, file)))
    .digest('hex');
  return openTokenizer(directory, { file, sha256 });
}

/** The least of several times on a processor, in milliseconds: other processes may share it. */
function time(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const started = process.cpuUsage();
    work();
    return process.cpuUsage(started).user / 1_000;
  });
  return Math.min(...times);
}

const letters = ['漢', 'a', ' ', '\n', '!', '😀', '\u0301', "'s", '[CLS]', '<s>', '1', ' \n'];

describe.each(['reviews', 'sayings'])('the tokenizer of %s', (model) => {
  const { tokenize } = open(model);

  test.each(letters)('takes sixteen times the letters %j in much less than 256 times the time', (letter) => {
    tokenize(letter.repeat(1_000));
    const few = time(() => tokenize(letter.repeat(1_000)));
    expect(time(() => tokenize(letter.repeat(16_000)))).toBeLessThan(Math.max(60, 100 * few));
  });
});
