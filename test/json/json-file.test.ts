/** A JSON file that people edit: a fault is named with file, line and column, on every version of Node.js. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile } from '../../src/json/json-file';

const directory = mkdtempSync(join(tmpdir(), 'json-file-'));
const path = join(directory, 'card.json');
afterAll(() => rmSync(directory, { recursive: true }));

function messageOf(text: string): string {
  writeFileSync(path, text);
  try {
    readJsonFile(path);
  } catch (failure) {
    return (failure as Error).message;
  }
  return 'no fault';
}

test.each([
  ['a colon left out', '{\n "a": 1,\n "b" 2\n}', ':3:6 is not JSON: unexpected "2".'],
  ['a comma left out', '{"a": 1\n"b": 2}', ':2:1 is not JSON: unexpected "\\"".'],
  ['a comma too many', '{"a": [1, 2,]}', ':1:13 is not JSON: unexpected ] after a comma: remove the comma.'],
  [
    'a comma before the end, with Windows line ends',
    '{\r\n"a": 1,\r\n}',
    ':3:1 is not JSON: unexpected } after a comma: remove the comma.',
  ],
  ['NaN', '{"a": NaN}', ':1:7 is not JSON: unexpected NaN.'],
  ['a comment', '{\n// why\n"a": 1}', ':2:1 is not JSON: unexpected "/".'],
  ['a line break in a string', '{"a":\n "b\nc"}', ':2:2 is not JSON: unexpected "\\"".'],
  ['a string left open', '{"a": "b}', ':1:7 is not JSON: unexpected "\\"".'],
  ['an end too early', '{"a": [1', ':1:9 is not JSON: the text ends too early.'],
  ['an empty file', '', ':1:1 is not JSON: the text ends too early.'],
  ['a byte order mark', '\uFEFF{}', ' starts with a byte order mark: save it as UTF-8 without one.'],
])('%s', (_title, text, expected) => {
  expect(messageOf(text)).toBe(`${path}${expected}`);
});

test('a file that is JSON is read, Windows line ends or not', () => {
  writeFileSync(path, '{\r\n"a": 12345678901234567\r\n}\r\n');
  expect(readJsonFile(path).document).toEqual({ a: Number('12345678901234567') });
});

test('a missing file is named, with the setting that decides where it is sought', () => {
  const missing = join(directory, 'samples.json');
  expect(() => readJsonFile(missing)).toThrow(`${missing} is missing: expected it in the directory of the model`);
});

test('a directory in place of the file is named', () => {
  expect(() => readJsonFile(directory)).toThrow(`${directory} is a directory: expected a file.`);
});
