/** Colours are for terminals only. */

import { colourFaults } from '../../../src/commands/model/terminal';
import { copyModel } from '../../model-copy';
import { run } from './command';

const lines = ['weights   good', 'FAULT card      wrong'];

test('a terminal shows faults in red', () => {
  expect(colourFaults(lines, { isTTY: true })).toEqual([lines[0], `\u001b[31m${lines[1]}\u001b[39m`]);
});

test('pipes and NO_COLOR get plain text', () => {
  expect(colourFaults(lines, { isTTY: false })).toEqual(lines);
  expect(colourFaults(lines, { isTTY: true, noColor: '1' })).toEqual(lines);
});

test('a report ends with the number of faults and exit code 1', async () => {
  const copy = copyModel();
  copy.write('model.onnx', 'not a model');
  const { code, output } = await run('check', copy.directory, '--quick');
  copy.remove();
  expect(code).toBe(1);
  expect(output).toMatch(/^FAULT weights .*\n\n1 fault: this model cannot be served yet\.\n$/);
});
