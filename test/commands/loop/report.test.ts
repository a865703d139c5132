/** The report joins captures with feedback as they were served and sent. */
import { appendFileSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../capture/captured';
import { startHost } from '../../hosts';
import { card, modelDirectory, modelPath, samples, toObjectForm } from '../../model-files';
import { runLoop } from './loop-command';

const own = makeDirectory();
const picture = makeDirectory();
afterAll(() => {
  own.remove();
  picture.remove();
});

/** Every third answer was wrong, and was really the next label. */
const wrongEvery = 3;
const asked = samples.slice(0, 12);
const truths = asked.map(({ prediction: { label } }, i) =>
  i % wrongEvery === 0 ? (card.labels[(card.labels.indexOf(label) + 1) % card.labels.length] as string) : label,
);

beforeAll(async () => {
  const env = { CAPTURE: 'all', CAPTURE_TO: own.directory, MODEL_DIR: modelDirectory };
  const host = await startHost('in process', { env });
  const body = JSON.stringify({ instances: asked.map(({ instance }) => instance) });
  const headers = { 'content-type': 'application/json', 'prediction-id': 'many' };
  await host.request('POST', '/predict', { headers, body });
  // Captured, without feedback.
  await host.post('/predict', { instances: [asked[0]?.instance] });
  const feedback = truths.map((label, row) => ({ id: 'many', row, label }));
  // Of two for the same row, the last counts.
  await host.post(`${modelPath}:feedback`, { feedback: [{ id: 'many', row: 1, label: truths[0] }, ...feedback] });
  await host.post(`${modelPath}:feedback`, { feedback: [{ id: 'nobody', label: card.labels[0] }] });
  await host.stop();
  // As a crash leaves it.
  appendFileSync(join(own.directory, 'captures-9.ndjson'), '{"id":"cut off","inst');
});

const right = asked.length - Math.ceil(asked.length / wrongEvery);

test('prints the live accuracy beside the hold-out, by version, day and feature', () => {
  const { status, stdout } = runLoop('report', own.directory, '--model', modelDirectory);
  expect(status).toBe(0);
  expect(stdout).toContain(`${asked.length + 1} rows captured, ${asked.length} with feedback`);
  expect(stdout).toContain('Feedback for rows that were not captured: 1');
  expect(stdout).toContain('Lines left out because they are no records: 1');
  const accuracy = String(Number((right / asked.length).toPrecision(4)));
  expect(stdout).toContain(`live accuracy: ${accuracy} (95 %: `);
  expect(stdout).toMatch(/hold-out accuracy, by the card: 0\.\d+/);
  expect(stdout).toContain(`by version\n  ${card.version}  ${accuracy}`);
  for (const { name } of card.features) expect(stdout).toContain(`by ${name}\n`);
});

test('writes the scores for Prometheus, beside the hold-out', () => {
  const file = join(picture.directory, 'loop.prom');
  expect(runLoop('report', own.directory, '--model', modelDirectory, '--metrics', file).status).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(`predict_feedback_accuracy{version="${card.version}"} ${right / asked.length}\n`);
  expect(text).toContain(`predict_feedback_rows{version="${card.version}"} ${asked.length}\n`);
  expect(text).toMatch(/^predict_holdout_accuracy\{version="1"\} 0\.\d+$/m);
  // No draft is left beside it.
  expect(readdirSync(picture.directory).filter((name) => name.startsWith('loop.prom'))).toEqual(['loop.prom']);
});

test('writes the scores to what a link leads to, and keeps the link: it may be that of /dev/stdout', () => {
  const [link, there] = ['link', 'there'].map((name) => join(picture.directory, name)) as [string, string];
  symlinkSync(there, link);
  expect(runLoop('report', own.directory, '--model', modelDirectory, '--metrics', link).status).toBe(0);
  expect(readFileSync(there, 'utf8')).toContain('predict_feedback_rows{');
  expect(readlinkSync(link)).toBe(there);
});

test('counts each actual label against what was predicted', () => {
  const { stdout } = runLoop('report', own.directory, '--model', modelDirectory);
  const [, table = ''] = /predicted across\n[^\n]*\n((?: .*\n)+)/.exec(stdout) ?? [];
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(1).map(Number));
  const expected = card.labels.map((actual) =>
    card.labels.map(
      (predicted) => asked.filter(({ prediction }, i) => truths[i] === actual && prediction.label === predicted).length,
    ),
  );
  expect(rows).toEqual(expected);
});

test('draws a bar for each day, of however many', () => {
  const year = makeDirectory();
  const { instance, prediction } = asked[0] as (typeof asked)[number];
  const lines = Array.from({ length: 366 }, (_, day) => {
    const shared = { id: `${day}`, time: new Date(Date.UTC(2024, 0, 1 + day)).toISOString(), model: card.name };
    const captured = { ...shared, version: '1', instances: [toObjectForm(instance)], predictions: [prediction] };
    return [captured, { ...shared, row: 0, feedback: { label: prediction.label } }].map((each) => JSON.stringify(each));
  });
  writeFileSync(join(year.directory, 'captures.ndjson'), lines.flat().join('\n'));
  const file = join(picture.directory, 'year.svg');
  expect(runLoop('report', year.directory, '--model', modelDirectory, '--svg', file).status).toBe(0);
  const bars = [...readFileSync(file, 'utf8').matchAll(/width="([^"]+)"[^>]*><title>2024-/g)];
  expect(bars).toHaveLength(366);
  for (const [, width] of bars) expect(Number(width)).toBeGreaterThan(0.5);
  // Names that stand on one another cannot be read.
  expect(readFileSync(file, 'utf8').match(/>2024-\d\d-\d\d</g)?.length).toBeLessThanOrEqual(10);
  year.remove();
});

test('draws a picture with a bar for the day and a line for the hold-out', () => {
  const file = join(picture.directory, 'report.svg');
  expect(runLoop('report', own.directory, '--model', modelDirectory, '--svg', file).status).toBe(0);
  const svg = readFileSync(file, 'utf8');
  expect(svg).toMatch(/^<svg [^>]*viewBox=/);
  expect(svg).toContain(`, ${asked.length} rows</title>`);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1 + card.features.length);
});

describe('of a regressor', () => {
  const numbers = makeDirectory();
  afterAll(numbers.remove);
  const head = { time: '2026-11-27T01:41:47.246Z', model: 'square', version: '1', id: 'a' };

  function write(predictions: readonly unknown[], values: readonly unknown[]): void {
    const instances = predictions.map(() => ({ x: 1 }));
    const told = values.map((value, row) => ({ ...head, row, feedback: { value } }));
    const lines = [{ ...head, instances, predictions: predictions.map((value) => ({ value })) }, ...told];
    writeFileSync(join(numbers.directory, 'captures-1.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'));
  }

  test.each([
    ['numbers', (value: number): unknown => value],
    ['objects of one name', (value: number): unknown => ({ price: value })],
  ])('the errors are those of %s', (_title, toPrediction) => {
    write(
      [1, 2, 3].map((value) => toPrediction(value)),
      [2, 4, 3],
    );
    const { stdout } = runLoop('report', numbers.directory, '--model', 'test/fixtures/models/square');
    expect(stdout).toContain('live root mean squared error: 1.291 (mean absolute error 1, 3 rows)');
  });

  test('versions are in the order of their numbers', () => {
    const lines = ['10', '9', '2.10', '2.9'].flatMap((version, i) => [
      { ...head, id: `${i}`, version, instances: [{ x: 1 }], predictions: [{ value: 1 }] },
      { ...head, id: `${i}`, feedback: { value: 1 } },
    ]);
    writeFileSync(join(numbers.directory, 'captures-1.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const { stdout } = runLoop('report', numbers.directory, '--model', 'test/fixtures/models/square');
    const [, table = ''] = /by version\n((?: .*\n)+)/.exec(stdout) ?? [];
    expect(table.match(/^ +\S+/gm)?.map((version) => version.trim())).toEqual(['2.9', '2.10', '9', '10']);
  });

  test('rows with what is no number are left out, and counted', () => {
    write([null, 1, 3], [7, 'seven', 4]);
    const { stdout } = runLoop('report', numbers.directory, '--model', 'test/fixtures/models/square');
    expect(stdout).toContain('Rows left out because the prediction or the feedback is no number: 2');
    expect(stdout).toContain('live root mean squared error: 1 (mean absolute error 1, 1 row');
  });
});

test('says that the captures are of another model', () => {
  const model = 'test/fixtures/models/square';
  const records = 'Records left out because they are of a model with another name: ';
  for (const command of ['report', 'replay'])
    expect(runLoop(command, own.directory, '--model', model).stdout).toMatch(new RegExp(`\\n${records}[1-9]`));
});

test('says what it expects of a wrong command line, and of a directory without captures', () => {
  expect(runLoop('report')).toMatchObject({ status: 2, stderr: 'Expected CAPTURES, got nothing.\n' });
  const empty = runLoop('report', picture.directory);
  expect(empty.status).toBe(2);
});
