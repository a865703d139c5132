/** Calls of BigQuery become instances: numbers that come as text, and long batches in turns. */
import fc from 'fast-check';
import type { Card } from '../../src/model/card';
import type { Problem } from '../../src/problem';
import { type Calls, readCalls } from '../../src/protocols/bigquery-calls';
import { createCard, createMatrixCard, feature } from '../model/cards';
import { featureNames, goodInstance } from '../model-files';

/** What becomes of calls, once it has. */
function read(calls: unknown, card: Card): Promise<Calls | Problem> {
  return new Promise((resolve) => readCalls(calls, card, 'null', resolve));
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

  test('that comes as text is the number', async () => {
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt());
    const property = fc.asyncProperty(numbers, async (value) => {
      const [text, number] = [String(value), Number(String(value))];
      for (const [call, instance] of [
        [[text], [number]],
        [[[text]], [number]],
        [[{ a: text }], { a: number }],
      ]) {
        expect(await read([call], numeric)).toMatchObject({ instances: [instance] });
      }
    });
    await fc.assert(property);
  });

  test.each(['', ' ', '1 ', '0x10', '1_000', '1,5', '.', 'Infinity', '-Infinity', 'nan', 'true'])(
    'is not what stands in %j',
    async (value) => expect(await read([[value]], numeric)).toMatchObject({ instances: [[value]] }),
  );

  test('is left alone in a feature of text', async () => {
    expect(await read([['12'], ['NaN']], textual)).toMatchObject({ instances: [['12'], ['NaN']] });
  });
});

test('Calls of BigQuery are read in turns, so that others are served between', async () => {
  const card = createMatrixCard(featureNames);
  const order: string[] = [];
  const few = read([goodInstance], card).then(() => order.push('few'));
  const many = read(
    Array.from({ length: 10_000 }, () => goodInstance),
    card,
  ).then(() => order.push('many'));
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate).then(() => order.push('others'));
  await Promise.all([few, many]);
  expect(order).toEqual(['few', 'others', 'others', 'others', 'others', 'others', 'many']);
});
