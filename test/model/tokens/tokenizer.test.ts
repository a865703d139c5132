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

  test.each(letters)('takes one long text of %j about the time of sixteen short ones', (letter) => {
    const short = letter.repeat(1_000);
    // As much work as the long one: the clock of a processor may tick in steps of milliseconds.
    const apart = time(() => Array.from({ length: 16 }, () => tokenize(short)));
    // It would take sixteen times as long if it grew with the square.
    expect(time(() => tokenize(short.repeat(16)))).toBeLessThan(Math.max(60, 6 * apart));
  });
});
