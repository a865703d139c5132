/** Calls of BigQuery become instances: numbers that come as text, and long batches in turns. */
import fc from 'fast-check';
import type { Card } from '../../../src/model/card/card';
import { type Calls, readCalls } from '../../../src/protocols/bigquery/calls';
import { finish } from '../../../src/turns';
import { createCard, createMatrixCard, feature } from '../../model/cards';
import { featureNames, goodInstance } from '../../model-files';

function read(calls: unknown, card: Card): Calls {
  return finish(readCalls(calls, card, 'null'));
}

describe('A number of BigQuery', () => {
  const numeric = createCard({
    inputs: [{ name: 'X', datatype: 'FP64', shape: [-1, 1] }],
    features: [feature('a', 'X', 0)],
  });
  const textual = createCard({
    inputs: [{ name: 'X', datatype: 'BYTES', shape: [-1, 1] }],
    features: [feature('a', 'X', 0)],
  });

  test('that comes as text is the number', () => {
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt());
    const property = fc.property(numbers, (value) => {
      const [text, number] = [String(value), Number(String(value))];
      for (const [call, instance] of [
        [[text], [number]],
        [[[text]], [number]],
        [[{ a: text }], { a: number }],
      ]) {
        expect(read([call], numeric)).toMatchObject({ instances: [instance] });
      }
    });
    fc.assert(property);
  });

  test.each(['', ' ', '1 ', '0x10', '1_000', '1,5', '.', 'Infinity', '-Infinity', 'nan', 'true'])(
    'is not what stands in %j',
    (value) => expect(read([[value]], numeric)).toMatchObject({ instances: [[value]] }),
  );

  test('is left alone in a feature of text', () => {
    expect(read([['12'], ['NaN']], textual)).toMatchObject({ instances: [['12'], ['NaN']] });
  });
});

test('Calls of BigQuery can be interrupted, so that others are served between', () => {
  const reading = readCalls(new Array(10_000).fill(goodInstance), createMatrixCard(featureNames), 'null');
  let interruptions = 0;
  while (reading.next().done !== true) interruptions++;
  expect(interruptions).toBeGreaterThan(50);
});
