/** Rows to learn from: what nobody could have sent, or what may mean something else, is left out and said. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaptureRecord, makeDirectory } from '../../capture/captured';
import { copyModel } from '../../model-copy';
import { card, featureNames, goodInstance, modelDirectory, samples, toObjectForm } from '../../model-files';
import { runLoop } from './loop-command';

const own = makeDirectory();
afterAll(own.remove);

const time = '2026-11-27T01:41:47.246Z';
const [label = '', other = ''] = card.labels;
const named = toObjectForm(goodInstance);
const [first = ''] = featureNames;
const [{ prediction }] = samples as readonly [(typeof samples)[number]];

const capture = (id: string, instances: readonly object[], more: object = {}) => ({
  ...{ id, time, model: card.name, version: card.version },
  ...{ instances, predictions: instances.map(() => prediction), ...more },
});
const feedback = (id: string, told: unknown, row = 0) => ({
  id,
  row,
  feedback: { label: told },
  time,
  model: card.name,
});

interface Row {
  readonly instance: CaptureRecord['instances'][number];
  readonly truth: string;
  readonly use: 'training' | 'holdout';
  readonly version: string;
  readonly day: string;
}

function readRows(lines: readonly unknown[], model = modelDirectory) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  writeFileSync(join(own.directory, 'captures-1.ndjson'), text);
  const { status, stdout, stderr } = runLoop('rows', own.directory, '--model', model);
  const written = stdout.split('\n').filter((line) => line !== '');
  return { status, stderr, rows: written.map((line) => JSON.parse(line) as Row) };
}

test('a row is what was asked and what happened, whichever version answered', () => {
  const { status, rows, stderr } = readRows([
    capture('a', [named], { version: '0' }),
    feedback('a', other),
    capture('untold', [named]),
  ]);
  expect(status).toBe(0);
  expect(rows).toMatchObject([{ instance: named, truth: other, version: '0', day: '2026-11-27' }]);
  expect(stderr).toContain('2 rows captured, 1 with feedback to learn from');
});

test.each<[string, readonly unknown[], RegExp]>([
  [
    'a label that the model has not',
    [capture('a', [named]), feedback('a', 'rose')],
    /Rows left out because the feedback is none.*: 1/,
  ],
  [
    'a value that is missing',
    [capture('a', [{ [first]: 1 }]), feedback('a', label)],
    /Rows left out because a value is missing.*: 1/,
  ],
  [
    'a value that is no number',
    [capture('a', [{ ...named, [first]: '1e999' }]), feedback('a', label)],
    /Rows left out because a value is missing, private, or not what.*: 1/,
  ],
  [
    'a value that no tensor holds',
    [
      `{"id":"a","time":"${time}","model":"${card.name}","version":"1","instances":[{"${first}":1e999}],"predictions":[{}]}`,
      feedback('a', label),
    ],
    /Rows left out because a value is missing.*: 1/,
  ],
  [
    'an id that was used for two different rows',
    [capture('a', [named]), capture('a', [{ ...named, [first]: 9 }]), feedback('a', label)],
    /Rows left out because their id was used again.*: 1/,
  ],
  [
    'feedback for an id that was not captured',
    [capture('a', [named]), feedback('b', label)],
    /Feedback for rows that were not captured: 1/,
  ],
  [
    'feedback for a row that the request had not',
    [capture('a', [named]), feedback('a', label, 7)],
    /Feedback for rows that were not captured: 1/,
  ],
  [
    'feedback of another model',
    [capture('a', [named]), { ...feedback('a', label), model: 'other' }],
    /^1 rows captured, 0 with feedback/,
  ],
])('%s makes no row', (_title, lines, message) => {
  const { status, rows, stderr } = readRows(lines);
  expect([status, rows]).toEqual([0, []]);
  expect(stderr).toMatch(message);
});

test.each<[string, unknown]>([
  ['half a line', '{"id":"x","inst'],
  ['no object', '[1,2]'],
  ['no rows', { ...capture('x', [named]), instances: null }],
  ['rows that are numbers', { ...capture('x', [named]), instances: [1] }],
  ['fewer predictions than rows', { ...capture('x', [named]), predictions: [] }],
  ['predictions that are nothing', { ...capture('x', [named]), predictions: [null] }],
  ['flags that are no list', { ...capture('x', [named]), outside: 7 }],
  ['a row before the first', { ...capture('x', [named]), firstRow: -1 }],
  ['a version that no card has', { ...capture('x', [named]), version: '1\u2028\u001b[2J' }],
  ['no time', { ...capture('x', [named]), time: 'yesterday' }],
  ['an id that is no text', { ...capture('x', [named]), id: { toString: 1 } }],
  ['feedback without a word', { ...feedback('x', label), feedback: {} }],
  ['feedback that is a list', { ...feedback('x', label), feedback: { label: [label] } }],
  ['a line of many megabytes', 'x'.repeat(9 * 1024 * 1024)],
])('a line with %s is left out and counted, and the lines around it are read', (_title, line) => {
  const { status, rows, stderr } = readRows([capture('a', [named]), line, feedback('a', label)]);
  expect([status, rows.length]).toEqual([0, 1]);
  expect(stderr).toContain('Lines left out because they are no records: 1');
});

test('of contradictory feedback the last counts, and that is said; a repeated capture is one row', () => {
  const { rows, stderr } = readRows([
    capture('a', [named]),
    capture('a', [named]),
    feedback('a', label),
    feedback('a', other),
  ]);
  expect(rows.map(({ truth }) => truth)).toEqual([other]);
  expect(stderr).toContain('Rows whose feedback contradicts itself, of which the last counts: 1');
});

test('an id that was used again for other values makes no row, whichever of the two is read first', () => {
  const later = capture('a', [{ ...named, [first]: 5 }], { time: '2026-11-28T00:00:00.000Z' });
  for (const lines of [
    [capture('a', [named]), later],
    [later, capture('a', [named])],
  ]) {
    const { rows, stderr } = readRows([...lines, feedback('a', label)]);
    expect(rows).toEqual([]);
    expect(stderr).toContain('Rows left out because their id was used again for other values: 1');
  }
});

test('one row in five is kept from training, by its values, and the order is that of the values', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ ...named, [first]: 4 + (i % 250) / 100 }));
  const lines = [capture('many', many), ...many.map((_, row) => feedback('many', label, row))];
  const { rows } = readRows(lines);
  expect(rows).toHaveLength(500);
  const heldOut = rows.filter(({ use }) => use === 'holdout').length;
  expect(heldOut).toBeGreaterThan(60);
  expect(heldOut).toBeLessThan(140);
  const uses = new Map<unknown, Set<string>>();
  for (const { instance, use } of rows) uses.set(instance[first], (uses.get(instance[first]) ?? new Set()).add(use));
  expect([...uses.values()].every(({ size }) => size === 1)).toBe(true);
  const halves = [capture('more', many.slice(250)), capture('many', many.slice(0, 250))];
  const told = many.map((_, i) => (i < 250 ? feedback('many', label, i) : feedback('more', label, i - 250)));
  expect(readRows([...told.reverse(), ...halves]).rows).toEqual(rows);
});

test('values of a feature that is private by now are in no line, though a capture from before has them', () => {
  const model = copyModel();
  model.edit<{ features: readonly { name: string }[] }>('card.json', (document) => ({
    ...document,
    features: document.features.map((feature) => (feature.name === first ? { ...feature, private: true } : feature)),
  }));
  const { rows, stderr } = readRows([capture('a', [named]), feedback('a', label)], model.directory);
  expect(rows).toEqual([]);
  expect(stderr).toMatch(/Rows left out because a value is missing, private, or not what.*: 1/);
  const report = runLoop('report', own.directory, '--model', model.directory).stdout;
  expect(report).toContain('1 with feedback');
  expect(report).not.toContain(`by ${first}`);
  model.remove();
});
