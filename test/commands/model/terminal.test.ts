/** A report appears line by line; colours and lines that vanish are for terminals only. */
import { type ColourSettings, createReporter } from '../../../src/commands/model/terminal';
import { copyModel } from '../../model-copy';
import { run } from './command';

function report(isTTY: boolean | undefined, settings: ColourSettings = {}): string {
  let written = '';
  const reporter = createReporter({ isTTY, write: (text) => (written += text) }, settings);
  reporter.doing('Reading');
  reporter.line('weights   good');
  reporter.line('FAULT card      wrong');
  return written;
}

const plain = 'weights   good\nFAULT card      wrong\n';
const coloured = plain.replace(/FAULT.*/, '\u001b[31m$&\u001b[39m');
const progress = 'Reading…\r\u001b[K';

test.each<[string, boolean | undefined, ColourSettings, string]>([
  ['a terminal', true, {}, progress + coloured],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, progress + plain],
  ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, progress + coloured],
  ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, progress + plain],
  ['a terminal that moves no cursor', true, { TERM: 'dumb' }, plain],
  ['a pipe', undefined, {}, plain],
  ['a pipe with FORCE_COLOR', undefined, { FORCE_COLOR: '1' }, coloured],
  ['a pipe with both', undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, coloured],
])('%s', (_, isTTY, settings, expected) => {
  expect(report(isTTY, settings)).toBe(expected);
});

test('a report ends with the number of faults and exit code 1', async () => {
  const copy = copyModel();
  copy.write('model.onnx', 'not a model');
  const { code, output } = await run('check', copy.directory, '--quick');
  copy.remove();
  expect(code).toBe(1);
  expect(output).toMatch(/^FAULT weights .*\n\n1 fault: this model cannot be served yet\.\n$/);
});

test('a report without a fault says so, with exit code 0', async () => {
  const copy = copyModel();
  const { code, output } = await run('check', copy.directory, '--quick');
  copy.remove();
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^weights .*\n\nNo faults: this model can be served\.\n$/s),
  ]);
});
