/** Predictions are JSON with the names of the card, whatever those are. */
import fc from 'fast-check';
import type { Card } from '../../../src/model/card/card';
import { createPredictionWriters } from '../../../src/model/predictions/tasks';
import type { Tensors } from '../../../src/model/tensors/tensors';
import { createCard, feature } from '../cards';

const inputs = [{ name: 'X', datatype: 'FP32', shape: [-1, 1] }] as const;
const features = [feature('a', 'X', 0)];

function createClassifier(labels: readonly string[]): Card {
  // The label comes last: the role decides, not the place.
  const outputs = [
    { name: 'shares', datatype: 'FP32', shape: [-1, labels.length], role: 'probabilities' },
    { name: 'chosen', datatype: 'INT64', shape: [-1], role: 'label' },
  ] as const;
  return createCard({ task: 'classification', inputs, features, outputs, labels });
}

function toOutputs(rows: readonly (readonly number[])[], chosen: readonly number[]): Tensors {
  return { rows: rows.length, data: [Float32Array.from(rows.flat()), BigInt64Array.from(chosen.map(BigInt))] };
}

describe('a classifier', () => {
  test('answers the label of each row and the probability of every label, in the order of the card', () => {
    const write = createPredictionWriters(createClassifier(['low', 'middle', 'high'])).prediction;
    const rows = [
      [0.97, 0.02, 0.01],
      [0, 0.25, 0.75],
    ];
    const outputs = toOutputs(rows, [0, 2]);
    expect(write(outputs, 0)).toBe('{"label":"low","probabilities":{"low":0.97,"middle":0.02,"high":0.01}}');
    expect(write(outputs, 1)).toBe('{"label":"high","probabilities":{"low":0,"middle":0.25,"high":0.75}}');
  });

  test('has labels of any text and probabilities of any value', () => {
    // Read back without backslashes: once it has read a key with one, JSON.parse of V8 13.6 (Node.js 24) takes other
    // escaped keys for it (nodejs/node#63785).
    const plain = fc.string({ unit: 'binary', minLength: 1 }).filter((s) => !s.includes('\\'));
    const label = fc.oneof(plain, fc.constantFrom('"', '__proto__', '\n'));
    const labelled = fc.uniqueArray(label, { minLength: 2, maxLength: 5 });
    const share = fc.float({ min: 0, max: 1, noNaN: true });
    const property = fc.property(
      labelled,
      fc.array(share, { minLength: 5, maxLength: 5 }),
      fc.nat(),
      (labels, all, n) => {
        const shares = all.slice(0, labels.length);
        const text = createPredictionWriters(createClassifier(labels)).prediction(
          toOutputs([shares], [n % labels.length]),
          0,
        );
        const { label: chosen, probabilities } = JSON.parse(text) as { label: string; probabilities: object };
        expect(chosen).toBe(labels[n % labels.length]);
        expect(Object.keys(probabilities).toSorted()).toStrictEqual(labels.toSorted());
        for (const [i, key] of labels.entries()) {
          const [, value] = Object.entries(probabilities).find(([name]) => name === key) ?? [];
          // -0 is written 0.
          expect(Math.fround(value as number)).toBe((shares[i] ?? Number.NaN) + 0);
        }
      },
    );
    fc.assert(property);
  });

  test('escapes a backslash of a label', () => {
    const write = createPredictionWriters(createClassifier(['\\', 'a\\"'])).prediction;
    expect(write(toOutputs([[0, 1]], [1]), 0)).toBe(String.raw`{"label":"a\\\"","probabilities":{"\\":0,"a\\\"":1}}`);
  });

  test.each([-1, 2])('does not make up a label for the index %i', (index) => {
    const write = createPredictionWriters(createClassifier(['no', 'yes'])).prediction;
    expect(() => write(toOutputs([[1, 0]], [index]), 0)).toThrow(`label ${index}, the card has 2`);
  });

  test('needs a card that says which output is the label', () => {
    const card = { ...createClassifier(['no', 'yes']), outputs: [] };
    expect(() => createPredictionWriters(card).prediction).toThrow('none of its outputs has the role "label"');
  });
});

describe('a regressor', () => {
  const card = createCard({ inputs, features });
  const write = createPredictionWriters(card).prediction;

  test('answers the value of each row', () => {
    const outputs = { rows: 3, data: [Float32Array.of(3.2, -0.1, 1e20)] };
    expect([0, 1, 2].map((row) => write(outputs, row))).toStrictEqual([
      '{"value":3.2}',
      '{"value":-0.1}',
      '{"value":100000002004087730000}',
    ]);
  });

  test('answers JSON from which the same float32 is read', () => {
    const property = fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const { value: read } = JSON.parse(write({ rows: 1, data: [Float32Array.of(value)] }, 0)) as { value: number };
      expect(Math.fround(read) + 0).toBe(value + 0);
    });
    fc.assert(property);
  });

  test('answers a float64 as it is', () => {
    const property = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = write({ rows: 1, data: [Float64Array.of(value)] }, 0);
      expect(JSON.parse(text)).toStrictEqual({ value: value + 0 });
    });
    fc.assert(property);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('that answers %d does not become text that is no JSON', (value) => {
    const answer = () => JSON.parse(write({ rows: 1, data: [Float32Array.of(value)] }, 0)) as unknown;
    expect(answer).not.toThrow(SyntaxError);
  });
});
