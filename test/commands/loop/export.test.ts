/** A table of captures: each row with what was asked, answered and flagged, and with what really happened. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyModel } from '../../model-copy';
import { card, featureNames, modelDirectory } from '../../model-files';
import { projectDirectory } from '../../processes';
import { capture, feedback, makeExport, named, prediction, toldAt, usual } from './exported';
import { readParquet } from './read-parquet';

const { out, writeCaptures, exportTo, remove } = makeExport();
afterAll(remove);
const [label = '', other = ''] = card.labels;
const [first = '', second = ''] = featureNames;

test('each row has what was asked, answered and flagged, and the last feedback', () => {
  writeCaptures([
    capture('a', [named, named], { firstRow: 3, outside: [{ row: 1, features: [second] }] }),
    capture('a', [named]),
    // Of captures with one id the first counts.
    capture('a', [named]),
    feedback('a', other),
    feedback('a', label),
    feedback('a', label, 4),
    feedback('b', label),
    '{"id":"cut off","inst',
  ]);
  const { status, stdout } = exportTo(modelDirectory, '--force');
  expect(status).toBe(0);
  expect(stdout).toBe(
    [
      `${out}: 4 rows, 2 with feedback, in ${Object.keys(usual).length} columns`,
      'Feedback for rows that were not captured: 1',
      'Rows whose feedback contradicts itself, of which the last counts: 1',
      'Lines left out because they are no records: 1\n',
    ].join('\n'),
  );
  const told = { 'feedback.label': label, 'feedback.time': toldAt };
  expect(readParquet(out).rows).toEqual([
    { ...usual, row: 3 },
    { ...usual, row: 4, outside: [second], ...told },
    { ...usual, ...told },
    usual,
  ]);
  // What callers sent is for the owner alone.
  expect(statSync(out).mode & 0o777).toBe(0o600);
});

test('values of other types than the card says are null and counted; values that are missing are null', () => {
  const wrong = { ...named, [first]: 'long', [second]: undefined };
  writeCaptures([capture('a', [wrong], { predictions: [{ label: 7, probabilities: null }], protocol: { x: 1 } })]);
  const { stdout } = exportTo(modelDirectory, '--force');
  expect(stdout).toContain('\nValues that are null in the file because the card says another type: 3\n');
  const [read] = readParquet(out).rows;
  const missing = Object.fromEntries(
    Object.keys(prediction.probabilities).map((key) => [`probabilities.${key}`, null]),
  );
  expect(read).toEqual({ ...usual, [first]: null, [second]: null, label: null, protocol: null, ...missing });
});

test('a private value stays out, though a capture from before has it; a feature called as another column is told apart', () => {
  const model = copyModel(modelDirectory);
  type Document = { features: { name: string }[] };
  model.edit<Document>('card.json', (written) => ({
    ...written,
    features: written.features.map((each) => {
      if (each.name === first) return { ...each, private: true };
      return each.name === second ? { ...each, name: 'Model' } : each;
    }),
  }));
  const { [second]: value, ...others } = named;
  const secret = 7531.25;
  writeCaptures([
    capture('a', [{ ...others, Model: value, [first]: secret }], { outside: [{ row: 0, features: [first, 'Model'] }] }),
  ]);
  expect(exportTo(model.directory, '--force').status).toBe(0);
  model.remove();
  const { [second]: _, ...rest } = usual as Readonly<Record<string, unknown>>;
  expect(readParquet(out).rows).toEqual([{ ...rest, [first]: null, 'feature.Model': value, outside: ['Model'] }]);
});

test('an output called as another column is told apart, too', () => {
  const model = copyModel(join(projectDirectory, 'test/fixtures/models/voice'));
  type Document = { name: string; outputs: { name: string }[] };
  model.edit<Document>('card.json', (written) => ({
    ...written,
    name: card.name,
    outputs: written.outputs.map((each, i) => (i === 0 ? { ...each, name: 'row' } : each)),
  }));
  const { outputs } = JSON.parse(readFileSync(join(model.directory, 'card.json'), 'utf8')) as Document;
  const output = outputs[1]?.name as string;
  const answer = { row: [0.5], [output]: [[[1, 2, 3, 4]], [[5, 6, 7, null]]] };
  writeCaptures([capture('a', [{ chunk: [[1, 2]] }], { predictions: [answer] })]);
  expect(exportTo(model.directory, '--force').status).toBe(0);
  model.remove();
  expect(readParquet(out).rows).toMatchObject([
    { row: 0, chunk: [[1, 2]], 'prediction.row': [0.5], [output]: answer[output] },
  ]);
});
