/** A model whose card names no part for its outputs answers them by name, in the shape that they have. */
import { createPredictionWriters } from '../../../src/model/predictions/tasks';
import { createCard, feature } from '../cards';

const inputs = [{ name: 'X', datatype: 'FP32', shape: [-1, 1] }] as const;
const features = [feature('a', 'X', 0)];

test('every output under its name: numbers, texts, truth values, integers, grids, and columns by their names', () => {
  const outputs = [
    { name: 'number', datatype: 'FP32', shape: [-1], role: 'tensor' },
    { name: 'text', datatype: 'BYTES', shape: [-1, 2], role: 'tensor' },
    { name: 'truth', datatype: 'BOOL', shape: [-1, 1], role: 'tensor' },
    { name: 'count', datatype: 'INT64', shape: [-1], role: 'tensor' },
    { name: 'grid', datatype: 'FP64', shape: [-1, 2, 1, 2], role: 'tensor' },
    { name: 'named', datatype: 'FP32', shape: [-1, 2], role: 'tensor', columns: ['left', 'ri"ght'] },
  ] as const;
  const { prediction } = createPredictionWriters(createCard({ task: 'tensors', inputs, features, outputs }));
  const data = [
    Float32Array.of(0, 0.1),
    ['a', 'b', 'c', '"d"'],
    Uint8Array.of(1, 0),
    BigInt64Array.of(0n, -9_007_199_254_740_993n),
    Float64Array.of(0, 0, 0, 0, 1, 2, 3, 4.5),
    Float32Array.of(0, 0, 0.25, -1),
  ];
  const text = prediction({ rows: 2, data }, 1);
  expect(text).toContain('"count":-9007199254740993');
  expect(JSON.parse(text)).toEqual({
    number: 0.1,
    text: ['c', '"d"'],
    truth: [false],
    count: Number(-9_007_199_254_740_993n),
    grid: [[[1, 2]], [[3, 4.5]]],
    named: { left: 0.25, 'ri"ght': -1 },
  });
});

test.each([
  ['scores', { low: -1, high: 2 }],
  ['probabilities', { low: 0.25, high: 0.75 }],
] as const)('without a label output the label is that of the largest of the %s', (role, shares) => {
  const outputs = [{ name: 'Y', datatype: 'FP32', shape: [-1, 2], role }] as const;
  const card = createCard({ task: 'classification', inputs, features, outputs, labels: ['low', 'high'] });
  const { prediction } = createPredictionWriters(card);
  const data = [Float32Array.of(shares.low, shares.high)];
  expect(JSON.parse(prediction({ rows: 1, data }, 0))).toEqual({ label: 'high', [role]: shares });
});
