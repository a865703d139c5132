/** What is wrong with a file that people write is said with the file and the place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile } from '../../src/json/json-file';

const directory = mkdtempSync(join(tmpdir(), 'json-file-'));
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string): unknown {
  const path = join(directory, 'file.json');
  writeFileSync(path, text);
  return readJsonFile(path).document;
}

test('a file is read as JSON.parse reads its text', () => {
  expect(read('{"größe": [1, 2.5]}')).toEqual({ größe: [1, 2.5] });
});

test.each([
  ['{\n  "a": 1\n  "b": 2\n}', 'file.json:3:3 is not JSON'],
  ['{\n  "a": 1,\n}', 'file.json:3:1 is not JSON'],
  ['{"a": x}', 'file.json is not JSON: Unexpected token'],
  ['{"a": [1,', 'file.json:1:10 is not JSON'],
  ['', 'file.json:1:1 is not JSON'],
])('%j is refused with the line and the column', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a file that is not there is missing', () => {
  expect(() => readJsonFile(join(directory, 'none.json'))).toThrow(/none\.json is missing\.$/);
});
