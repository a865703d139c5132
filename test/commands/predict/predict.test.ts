/** `npm run predict` answers a file of rows into another: all of them, in order, and once, however often it is ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readColumns } from '../../../src/arrow/columns';
import { endOfStream, toContinued } from '../../../src/arrow/messages';
import { readStream } from '../../../src/arrow/stream';
import { writeStream } from '../../../src/arrow/write-stream';
import { card, featureNames, modelDirectory, samples } from '../../model-files';
import { projectDirectory } from '../../processes';
import { runCommand } from '../run-command';

const work = mkdtempSync(join(tmpdir(), 'predict-'));
afterAll(() => rmSync(work, { recursive: true }));
const at = (name: string) => join(work, name);
const command = [join(projectDirectory, 'dist/commands/predict/main.js')];
const options = ['--model', modelDirectory];

const predict = (...words: readonly string[]) => runCommand('predict', [...words, ...options], work);

const count = 25_000;
const instances = Array.from({ length: count }, (_, i) => samples[i % samples.length]?.instance ?? []);
const labels = Array.from({ length: count }, (_, i) => samples[i % samples.length]?.prediction.label);
/** Columns in another order, quotes, and line ends of Windows. */
const order = [2, 0, 3, 1];

/** Some rows as a record batch, the first behind its schema. */
function toArrow(from: number, to: number, isFirst: boolean): Buffer {
  const type = { kind: 'float', bits: 64 } as const;
  const columns = order.map((place) => {
    const values = Float64Array.from(instances.slice(from, to), (row) => row[place] as number);
    return { name: featureNames[place] as string, type, buffers: [Buffer.from(values.buffer)] };
  });
  return toContinued(Buffer.concat(writeStream(columns, to - from)), isFirst);
}

beforeAll(() => {
  const header = order.map((place) => `"${featureNames[place]}"`).join(',');
  const rows = instances.map((row) => order.map((place) => row[place]).join(','));
  writeFileSync(at('in.csv'), [header, ...rows, ''].join('\r\n'));
  writeFileSync(at('in.arrow'), Buffer.concat([toArrow(0, 11_000, true), toArrow(11_000, count, false), endOfStream]));
  writeFileSync(at('in.ndjson'), instances.map((row) => JSON.stringify(row)).join('\n'));
});

const labelsOf: Readonly<Record<string, (file: Buffer) => readonly unknown[]>> = {
  csv: (file) =>
    file
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  ndjson: (file) =>
    file
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).label),
  arrow(file) {
    const { fields, batches } = readStream(file);
    const place = fields.findIndex(({ name }) => name === 'label');
    return batches.flatMap((batch) => {
      const column = readColumns(fields, batch)[place];
      return Array.from({ length: batch.rows }, (_, row) => column?.at(row));
    });
  },
};

test.each(['csv', 'ndjson', 'arrow'].flatMap((from) => ['csv', 'ndjson', 'arrow'].map((to) => [from, to] as const)))(
  'rows of %s are answered in %s',
  async (from, to) => {
    const out = at(`${from}-out.${to}`);
    expect(await predict(at(`in.${from}`), out)).toEqual({
      code: 0,
      output: expect.stringMatching(`out.${to}: ${count} rows in`),
      errors: '',
    });
    expect(labelsOf[to]?.(readFileSync(out))).toEqual(labels);
    expect([existsSync(`${out}.part`), existsSync(`${out}.progress`)]).toEqual([false, false]);
  },
);

test('an answer in Arrow has a batch for each part, and is no table of features', async () => {
  const out = at('again.arrow');
  await predict(at('in.csv'), out);
  expect(readStream(readFileSync(out)).batches.map(({ rows }) => rows)).toEqual([10_000, 10_000, 5_000]);
  expect((await predict(out, at('none.csv'))).errors).toMatch(/again\.arrow, from row 1 on: Expected columns named/);
});

test('a run that is killed goes on where it was, and the result is the same', async () => {
  const out = at('killed.csv');
  // As a run leaves it that was killed behind a part of which some was written.
  const whole = at('whole.csv');
  await predict(at('in.csv'), whole);
  const bytes = readFileSync(whole);
  const end = bytes.toString().split('\n').slice(0, 10_001).join('\n').length + 1;
  const identity = {
    input: at('in.csv'),
    inputBytes: statSync(at('in.csv')).size,
    model: `${card.name} ${card.weights.sha256}`,
  };
  writeFileSync(`${out}.part`, Buffer.concat([bytes.subarray(0, end), Buffer.from('half a li')]));
  writeFileSync(`${out}.progress`, JSON.stringify({ rows: 10_000, bytes: end, ...identity }));
  expect(await predict(at('in.csv'), out)).toMatchObject({ code: 0, errors: '' });
  expect(readFileSync(out).equals(bytes)).toBe(true);
});

test('with a coverage, each row has its set, and a run without goes on with none of it', async () => {
  const out = at('sets.csv');
  expect(await predict(at('in.csv'), out, '--coverage=0.97')).toMatchObject({ code: 0, errors: '' });
  const [header = '', ...rows] = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(header).toMatch(new RegExp(`,${card.labels.map((label) => `label_set\\.${label}`).join(',')}$`));
  // The label is always in its set.
  const names = header.split(',');
  const isHeld = (cells: readonly string[]) => cells[names.indexOf(`label_set.${cells[0]}`)] === 'true';
  expect(rows).toHaveLength(count);
  expect(rows.filter((row) => !isHeld(row.split(',')))).toEqual([]);
  const identity = { input: at('in.csv'), inputBytes: statSync(at('in.csv')).size };
  const model = `${card.name} ${card.weights.sha256}`;
  writeFileSync(
    `${at('mixed.csv')}.progress`,
    JSON.stringify({ rows: 5, bytes: 5, ...identity, model, coverage: '0.97' }),
  );
  expect((await predict(at('in.csv'), at('mixed.csv'))).errors).toMatch(/is of another run/);
});

test('a run whose output is gone begins again, however far it said it was', async () => {
  const out = at('gone.csv');
  const identity = {
    input: at('in.csv'),
    inputBytes: statSync(at('in.csv')).size,
    model: `${card.name} ${card.weights.sha256}`,
  };
  writeFileSync(`${out}.progress`, JSON.stringify({ rows: 10_000, bytes: 200_000, ...identity }));
  expect(await predict(at('in.csv'), out)).toMatchObject({ code: 0, errors: '' });
  expect(labelsOf.csv?.(readFileSync(out))).toEqual(labels);
});

test('a run that is killed for real leaves no output, and the next one finishes it', async () => {
  const out = at('ended.csv');
  const child = spawn(process.execPath, [...command, at('in.csv'), out, ...options], { cwd: work });
  const exit = once(child, 'exit');
  while (!existsSync(`${out}.part`) && child.exitCode === null) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await exit;
  expect(existsSync(out)).toBe(false);
  expect(await predict(at('in.csv'), out)).toMatchObject({ code: 0 });
  expect(labelsOf.csv?.(readFileSync(out))).toEqual(labels);
});

test.each<[string, readonly string[], number, RegExp]>([
  ['no output', ['in.csv'], 2, /^Expected IN OUT, got "in\.csv"\.$/m],
  [
    'another form',
    ['in.csv', 'out.xlsx'],
    2,
    /^"out\.xlsx" is no name of a table: expected one that ends with \.csv, \.ndjson/,
  ],
  ['a file that is not there', ['nowhere.csv', 'out.csv'], 2, /^nowhere\.csv does not exist: expected a file/],
  ['an output that is there', ['in.csv', 'in.ndjson'], 2, /in\.ndjson exists; use --force to replace it/],
  ['a word too many', ['in.csv', 'out.csv', 'more'], 2, /^Expected IN OUT, got "in\.csv" "out\.csv" "more"/],
  [
    'a coverage that is none',
    ['in.csv', 'out.csv', '--coverage=90'],
    2,
    /^--coverage: expected a number between 0 and 1, such as 0.9, got the number 90/,
  ],
])('%s is told', async (_, words, code, message) => {
  expect(await predict(...words)).toMatchObject({ code, errors: expect.stringMatching(message) });
});

test('a wrong row is named by its place in the file', async () => {
  const rows = instances.slice(0, 12_000).map((row) => row.join(','));
  rows[11_234] = '5.1,x,1.4,0.2';
  writeFileSync(at('wrong.csv'), rows.join('\n'));
  expect(await predict('wrong.csv', 'wrong-out.csv')).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^wrong\.csv, row 11235, 1: .*expected a number, got the string "x"/),
  });
});

test('the progress of another run is not taken for this one', async () => {
  const out = at('other.csv');
  writeFileSync(`${out}.progress`, JSON.stringify({ rows: 5, bytes: 5, input: 'x', inputBytes: 1, model: 'y' }));
  expect((await predict(at('in.csv'), out)).errors).toMatch(
    /other\.csv\.progress is of another run: .*Remove it, or use --force/,
  );
  expect(await predict(at('in.csv'), out, '--force')).toMatchObject({ code: 0 });
});
