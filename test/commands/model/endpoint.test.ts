/** The report of a check ends with a request and its answer, which a reader sees at a glance however long the answer is. */
import { describeEndpoint } from '../../../src/commands/model/endpoint';
import { readCard } from '../../../src/model/card/card';
import { modelDirectory, samples } from '../../model-files';

const { card } = readCard(modelDirectory);
const show = (answer: string) => describeEndpoint(card, samples, answer).at(-1);

test('a short answer is shown as it came', () => {
  const answer = '{"predictions":[{"label":"setosa","probabilities":{"setosa":1,"virginica":0}}]}';
  expect(show(answer)).toBe(answer);
});

test('of a long list the first elements and their number are shown', () => {
  expect(show(JSON.stringify({ predictions: [Array.from({ length: 4096 }, (_, i) => i / 2)] }))).toBe(
    '{"predictions":[[0,0.5,1,1.5, … (4096 in all)]]}',
  );
});

test('so it is with lists of lists, and with the probabilities of many labels', () => {
  const row = Array.from({ length: 11 }, () => 0);
  expect(show(JSON.stringify({ rows: Array.from({ length: 12 }, () => row) }))).toBe(
    `{"rows":[${Array.from({ length: 4 }, () => '[0,0,0,0, … (11 in all)]').join(',')}, … (12 in all)]}`,
  );
  const labels = Array.from({ length: 1000 }, (_, i) => [`label ${i}`, 0]);
  expect(show(JSON.stringify(Object.fromEntries(labels)))).toBe(
    '{"label 0":0,"label 1":0,"label 2":0,"label 3":0, … (1000 in all)}',
  );
});

test('long integers keep their digits', () => {
  expect(show('[9007199254740993]')).toBe('[9007199254740993]');
});
