/** What a body's values take of the heap is known before they are made: never less than they take. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '../../src/json/parse';
import { Problem } from '../../src/problem';
import { finish } from '../../src/turns';
import { projectDirectory } from '../processes';
import { noLimits } from './no-limits';

/** Beyond a piece, so that the parts are parsed one after another. */
const bodyBytes = 768 * 1024;

type Element = (i: number) => string;
const members = (count: number, member: Element) => `{${Array.from({ length: count }, (_, k) => member(k))}}`;
const names = 'abcdefghijklmnopqrstuvwxyz';

const elements: Readonly<Record<string, Element>> = {
  'empty arrays': () => '[]',
  'empty objects': () => '{}',
  'arrays of a number': () => '[1]',
  'arrays of fractions': () => '[0.5,0.5,0.5]',
  'arrays in arrays': () => `${'['.repeat(50)}${']'.repeat(50)}`,
  'objects of one name': () => '{"a":1}',
  'objects of one other name each': (i) => `{"k${i}":1}`,
  'objects of a known name and another': (i) => `{"a":1,"k${i}":1}`,
  'objects of four other names each': (i) => members(4, (k) => `"k${i}_${k}":0.5`),
  'objects of a hundred other names each': (i) => members(100, (k) => `"k${i}_${k}":1`),
  'objects of a thousand names': () => members(1000, (k) => `"k${k}":1`),
  'objects of a name that is an integer': () => '{"1023":1}',
  'objects of integers far apart': (i) => members(20, (k) => `"${(i + k) * 5000}":1`),
  'objects of known names in other orders': (i) => members(20, (k) => `"${names[(k * (2 * i + 1) + i) % 26]}${k}":1`),
  'objects that end in another name': (i) => members(20, (k) => (k < 19 ? `"k${k}":1` : `"x${i}":1`)),
  integers: () => '1',
  'fractions among others': (i) => (i % 2 === 0 ? '0.5' : 'null'),
  'long integers among others': (i) => (i % 2 === 0 ? '99999999999' : 'null'),
  'negative zeros among others': (i) => (i % 2 === 0 ? '-0' : 'null'),
  'short strings': (i) => `"${i}"`,
  'long strings': (i) => `"${'x'.repeat(100)}${i}"`,
  'strings with a letter of three bytes': (i) => `"${'x'.repeat(100)}中${i}"`,
};

/** Bodies of one form are measured together, so that what else comes and goes in the process is little beside them. */
const together = 4;

/** Elements from the i-th on: other bodies have other names, which none shares with another. */
function bodyOf(element: Element, from = 0): Buffer {
  const texts: string[] = [];
  for (let i = from, bytes = 0; bytes < bodyBytes; i++) {
    const text = element(i);
    texts.push(text);
    bytes += text.length;
  }
  return Buffer.from(`[${texts.join()}]`);
}

function estimate(body: Buffer): number {
  try {
    finish(parseJson(body, { ...noLimits, maxHeapBytes: () => 0 }));
  } catch (failure) {
    if (failure instanceof Problem) return Number(/got about (\d+)/.exec(failure.message)?.[1]);
  }
  return Number.NaN;
}

/** What a body of each form takes, measured in a process of its own: to collect the heap of this one takes a hundred times as long. */
function measure(forms: readonly Element[]): readonly number[] {
  const directory = mkdtempSync(join(tmpdir(), 'bodies-'));
  const groups = forms.map((element, form) =>
    Array.from({ length: together }, (_, nth) => {
      const file = join(directory, `${form}-${nth}.json`);
      writeFileSync(file, bodyOf(element, nth * 1_000_000));
      return file;
    }),
  );
  const program = join(projectDirectory, 'test/fixtures/heap-of-json.cjs');
  const parameters = [program, JSON.stringify(noLimits), JSON.stringify(groups)];
  const text = execFileSync(process.execPath, ['--expose-gc', ...parameters]);
  rmSync(directory, { recursive: true });
  return JSON.parse(text.toString()) as number[];
}

describe('The estimate is at least what is taken by', () => {
  const bodies = Object.values(elements).map((element) => bodyOf(element));
  let taken: readonly number[];
  beforeAll(() => {
    taken = measure(Object.values(elements));
  });

  test.each(Object.keys(elements).map((name, i) => [name, i] as const))('%s', (_, i) => {
    expect(taken[i]).toBeGreaterThan(0);
    expect(estimate(bodies[i] as Buffer) / (taken[i] as number)).toBeGreaterThan(1);
  });
});

test.each([
  ['rows', '[5.1,3.5,1.4,0.2]'],
  ['rows with names', '{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}'],
])('100 000 %s fit into a quarter of the smallest heap', (_, row) => {
  const body = Buffer.from(`{"instances":[${`${row},`.repeat(99_999)}${row}]}`);
  expect(estimate(body)).toBeLessThan((256 * 1024 * 1024) / 4);
});
