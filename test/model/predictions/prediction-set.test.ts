/** Sets from scores: ranks, edges, values that are no numbers, and cards that cannot have any. */
import fc from 'fast-check';
import type { Card, OutputSpec, Uncertainty } from '../../../src/model/card/card';
import { createPredictionSet } from '../../../src/model/predictions/prediction-set';
import {
  checkUncertainty,
  findErrors,
  findScore,
  greatestCoverage,
  type KnownErrors,
} from '../../../src/model/predictions/uncertainty';
import type { Datatype } from '../../../src/model/tensors/datatypes';
import type { SizedData } from '../../../src/model/tensors/tensors';
import { finish } from '../../../src/turns';
import { createCard, feature } from '../cards';

const inputs = [{ name: 'X', datatype: 'FP32', shape: [-1, 1] }] as const;
const signature = { inputs, features: [feature('a', 'X', 0)] };
const uncertainty: Uncertainty = {
  method: 'split-conformal',
  rows: 9,
  scores: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
};

function classifier(change: Partial<Card> = {}): Card {
  const outputs: OutputSpec[] = [
    { name: 'label', datatype: 'INT64', shape: [-1], role: 'label' },
    { name: 'shares', datatype: 'FP64', shape: [-1, 3], role: 'probabilities' },
  ];
  return {
    ...createCard({ ...signature, task: 'classification', labels: ['a', 'b', 'c'], outputs }),
    uncertainty,
    ...change,
  };
}

function regressor(datatype: Datatype): Card {
  const outputs: OutputSpec[] = [{ name: 'y', datatype, shape: [-1, 1], role: 'value' }];
  return { ...createCard({ ...signature, outputs }), uncertainty };
}

const setOf = (card: Card, coverage: number) => createPredictionSet(card, findErrors(card) as KnownErrors, coverage);

test('the score has the rank that the coverage asks for, whatever part of the scores is kept', () => {
  const known = fc.record({ rows: fc.integer({ min: 1, max: 3000 }), kept: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(known, fc.double({ min: 0, max: 1, noNaN: true }), ({ rows, kept }, share) => {
      const most = Math.min(kept, rows);
      const ranks = Array.from({ length: most }, (_, i) => Math.ceil(((i + 1) * rows) / most));
      const errors = { method: 'split-conformal', rows, scores: ranks } as const;
      const coverage = share * greatestCoverage(errors);
      const wanted = Math.max(1, Math.ceil((rows + 1) * coverage - 1e-9));
      // The least rank of those kept that is large enough.
      expect(findScore(errors, coverage)).toBe(ranks.find((rank) => rank >= wanted));
    }),
  );
});

test.each([
  [0.1, 0.1],
  [0.5, 0.5],
  [0.51, 0.6],
  [0.9, 0.9],
])('a coverage of %d of nine rows needs the score %d', (coverage, score) => {
  expect(findScore(uncertainty, coverage)).toBe(score);
});

describe('a label set', () => {
  const outputs = {
    rows: 3,
    data: [BigInt64Array.of(0n, 2n, 1n), Float64Array.of(0.6, 0.3, 0.1, 0.2, 0.2, 0.2, Number.NaN, 0.1, Number.NaN)],
  };

  test.each([
    [0.1, ['["a"]', '["c"]', '["a","b","c"]']],
    [0.7, ['["a","b"]', '["c"]', '["a","b","c"]']],
    [0.9, ['["a","b","c"]', '["a","b","c"]', '["a","b","c"]']],
  ])(
    'of %d has the predicted label, what is as probable as the score allows, and what has no number',
    (coverage, sets) => {
      const { write, elements } = setOf(classifier(), coverage);
      expect([0, 1, 2].map((row) => write(outputs, row))).toEqual(sets);
      const members = sets.slice(1).flatMap((set) => ['a', 'b', 'c'].map((label) => Number(set.includes(label))));
      expect([...finish(elements({ tensors: outputs, from: 1, to: 3 }))]).toEqual(members);
    },
  );
});

describe('an interval', () => {
  test.each<[Datatype, SizedData, Datatype, string]>([
    ['FP32', Float32Array.of(3.2), 'FP32', '{"lower":2.7,"upper":3.7}'],
    ['FP64', Float64Array.of(3.2), 'FP64', '{"lower":2.7,"upper":3.7}'],
    ['FP16', Float32Array.of(2048), 'FP32', '{"lower":2047.5,"upper":2048.5}'],
    ['INT64', BigInt64Array.of(7n), 'FP64', '{"lower":6.5,"upper":7.5}'],
    ['FP32', Float32Array.of(Number.NaN), 'FP32', '{"lower":null,"upper":null}'],
  ])('around %s %s has ends of %s', (datatype, data, ends, text) => {
    const { spec, write } = setOf(regressor(datatype), 0.5);
    expect(spec).toEqual({ name: 'interval', datatype: ends, shape: [-1, 2] });
    expect(write({ rows: 1, data: [data] }, 0)).toBe(text);
  });
});

test.each<[string, Partial<Card>, RegExp]>([
  ['scores out of order', { uncertainty: { ...uncertainty, scores: [0.2, 0.1] } }, /the score 0\.1 after 0\.2/],
  ['more scores than rows', { uncertainty: { ...uncertainty, rows: 2 } }, /9 scores of 2 rows/],
  ['no probabilities', { outputs: classifier().outputs.slice(0, 1) }, /nothing that it could belong to/],
  [
    'an output of the same name',
    { outputs: classifier().outputs.map((output) => ({ ...output, name: 'label_set' })) },
    /an output named "label_set"/,
  ],
])('a card with %s is refused', (_, change, message) => {
  expect(() => checkUncertainty(classifier(change))).toThrow(message);
});

test('a card without uncertainty, or with one that fits, is fine', () => {
  for (const card of [classifier(), regressor('FP32'), createCard(signature)])
    expect(() => checkUncertainty(card)).not.toThrow();
});
