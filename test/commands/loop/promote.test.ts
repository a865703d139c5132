/** A candidate becomes the model when it is no worse on what its training did not see, and not otherwise. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceModel } from '../../../src/commands/loop/replace-model';
import { makeDirectory } from '../../capture/captured';
import type { ModelCopy } from '../../model-copy';
import { copyPair } from '../../serving/pair';
import { runLoop } from './loop-command';

const own = makeDirectory();
let pair: ModelCopy;
afterAll(own.remove);
afterEach(() => pair.remove());

const time = '2026-11-27T01:41:47.246Z';
const values = Array.from({ length: 60 }, (_, i) => i / 40);

/** Every value was answered and then told. */
function writeCaptures(answer: (value: number) => number, truth: (value: number) => number): void {
  const head = { time, model: 'square', version: '1' };
  const card = JSON.parse(readFileSync(join(pair.directory, 'card.json'), 'utf8')) as { features: { name: string }[] };
  const name = card.features[0]?.name as string;
  const instances = values.map((value) => ({ [name]: Math.fround(value) }));
  const predictions = values.map((value) => ({ value: answer(value) }));
  const told = values.map((value, row) => ({ ...head, id: 'a', row, feedback: { value: truth(value) } }));
  const lines = [{ ...head, id: 'a', instances, predictions }, ...told];
  writeFileSync(join(own.directory, 'captures-1.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'));
}

const error = (rootMeanSquaredError: number) => ({
  evaluation: { method: 'hold-out', rows: 10, rootMeanSquaredError },
});

/** Two versions of the same weights, as good as their cards say. */
function makePair(before: number, now: number): void {
  pair = copyPair('square', 'square', (card) => ({ ...card, ...error(now) }));
  pair.edit<object>('card.json', (card) => ({ ...card, ...error(before) }));
}

const promote = (...words: readonly string[]) => runLoop('promote', own.directory, '--model', pair.directory, ...words);
const versionOf = (directory: string) =>
  (JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')) as { version: string }).version;
const square = (value: number) => value * value;

test('a candidate that is as good is the model afterwards, and no candidate is left', () => {
  makePair(0.5, 0.5);
  writeCaptures(square, square);
  const { status, stdout } = promote();
  expect(stdout).toMatch(/hold-out of the cards: not worse, root mean squared error 0.5 before, 0.5 now/);
  expect(stdout).toMatch(/captured rows kept from training: not worse, root mean squared error .* \(\d+ rows;/);
  expect(stdout).toContain(`git add --all ${pair.directory} && git commit --message "Serve square 2"`);
  expect([status, versionOf(pair.directory)]).toEqual([0, '2']);
  expect(existsSync(join(pair.directory, 'candidate'))).toBe(false);
  expect(readdirSync(pair.directory).filter((name) => name.includes('arriving'))).toEqual([]);
  expect(runLoop('replay', own.directory, '--model', pair.directory).stdout).toContain('asked of square 2');
});

test.each<[string, () => void, RegExp]>([
  [
    'worse on the hold-out',
    () => {
      makePair(0.5, 0.6);
      writeCaptures(square, square);
    },
    /hold-out of the cards: worse/,
  ],
  [
    'worse where callers told what happened',
    () => {
      makePair(0.5, 0.5);
      writeCaptures(
        (value) => value,
        (value) => value,
      );
    },
    /captured rows kept from training: worse/,
  ],
  [
    'not to be compared',
    () => {
      makePair(0.5, 0.5);
      writeFileSync(join(own.directory, 'captures-1.ndjson'), '');
    },
    /captured rows kept from training: not compared/,
  ],
])('a candidate that is %s is refused, and promoted only when told', (_title, prepare, message) => {
  prepare();
  const before = readdirSync(pair.directory, { recursive: true });
  const refused = promote();
  expect([refused.status, versionOf(pair.directory)]).toEqual([1, '1']);
  expect(refused.stdout).toMatch(message);
  expect(refused.stdout).toContain('Nothing was changed');
  expect(readdirSync(pair.directory, { recursive: true })).toEqual(before);
  expect([promote('--anyway').status, versionOf(pair.directory)]).toEqual([0, '2']);
});

test('a candidate that callers could not use instead, or that is broken, is refused in any case', () => {
  pair = copyPair('square', 'lookup', (card) => ({ ...card, version: '1' }));
  writeCaptures(square, square);
  expect(promote('--anyway')).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot replace') });
  pair.write('candidate/card.json', readFileSync(join(pair.directory, 'card.json'), 'utf8').replace('"1"', '"2"'));
  pair.write('candidate/model.onnx', 'no weights');
  expect(promote('--anyway').status).toBe(1);
  expect(versionOf(pair.directory)).toBe('1');
});

test('files that only the old card named are gone', () => {
  makePair(0.5, 0.5);
  writeCaptures(square, square);
  pair.edit<{ weights: object }>('candidate/card.json', (card) => ({
    ...card,
    weights: { ...card.weights, file: 'next.onnx' },
  }));
  pair.write('candidate/next.onnx', readFileSync(join(pair.directory, 'candidate/model.onnx')));
  expect(promote('--anyway').status).toBe(0);
  expect(existsSync(join(pair.directory, 'model.onnx'))).toBe(false);
  expect(existsSync(join(pair.directory, 'next.onnx'))).toBe(true);
});

test('where a file cannot be copied, the model is what it was', () => {
  makePair(0.5, 0.5);
  pair.write('candidate/model.onnx', 'other weights');
  rmSync(join(pair.directory, 'candidate/samples.json'));
  mkdirSync(join(pair.directory, 'candidate/samples.json'));
  const files = () => readdirSync(pair.directory, { recursive: true });
  const [before, weights] = [files(), readFileSync(join(pair.directory, 'model.onnx'))];
  expect(() => replaceModel(pair.directory, join(pair.directory, 'candidate'))).toThrow();
  expect(files()).toEqual(before);
  expect(readFileSync(join(pair.directory, 'model.onnx'))).toEqual(weights);
  expect(versionOf(pair.directory)).toBe('1');
});

test('what an ended promotion left is gone after the next, and what somebody put there stays', () => {
  makePair(0.5, 0.5);
  mkdirSync(join(pair.directory, 'candidate/.arriving-ended'));
  pair.write('candidate/.arriving-ended/model.onnx', 'half');
  pair.write('candidate/notes.txt', 'mine');
  replaceModel(pair.directory, join(pair.directory, 'candidate'));
  expect(readdirSync(join(pair.directory, 'candidate'))).toEqual(['notes.txt']);
  expect(versionOf(pair.directory)).toBe('2');
});
