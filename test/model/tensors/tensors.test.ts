/** Joining rows is the same as joining plain arrays. */
import fc from 'fast-check';
import {
  createTensors,
  joinRows,
  type RowSpan,
  rowWidth,
  type TensorData,
  type TensorSpec,
  type Tensors,
} from '../../../src/model/tensors/tensors';

const specs: readonly TensorSpec[] = [
  { name: 'matrix', datatype: 'FP32', shape: [-1, 3] },
  { name: 'scalar', datatype: 'INT64', shape: [-1] },
  { name: 'texts', datatype: 'BYTES', shape: [-1, 2] },
  { name: 'cube', datatype: 'UINT8', shape: [-1, 2, 2] },
];

/** Tensors in which no two elements of one tensor are alike, up to the range of its datatype. */
function createNumbered(rows: number, first: number): Tensors {
  const tensors = createTensors(specs, rows);
  for (const values of tensors.data) {
    for (let i = 0; i < values.length; i++) (values as unknown[])[i] = toElement(values, first + i);
  }
  return tensors;
}

function toElement(values: TensorData, value: number): unknown {
  if (Array.isArray(values)) return `text ${value}`;
  return values instanceof BigInt64Array ? BigInt(value) : value % 251;
}

const span: fc.Arbitrary<RowSpan> = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.nat(1000), fc.nat(20), fc.nat(20))
  .map(([rows, first, one, other]) => {
    const [from, to] = [Math.min(one, other, rows), Math.min(Math.max(one, other), rows)];
    return { tensors: createNumbered(rows, first), from, to };
  });

function joinPlainly(spans: readonly RowSpan[]): unknown[][] {
  return specs.map((spec, t) =>
    spans.flatMap(({ tensors, from, to }): unknown[] => {
      const width = rowWidth(spec);
      return [...(tensors.data[t] ?? [])].slice(from * width, to * width);
    }),
  );
}

test('joined spans hold the rows of each, one after the other, in every tensor', () => {
  const property = fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), (spans) => {
    const joined = joinRows(specs, spans);
    expect(joined.rows).toBe(spans.reduce((sum, { from, to }) => sum + to - from, 0));
    expect(joined.data.map((values): unknown[] => [...values])).toStrictEqual(joinPlainly(spans));
    const kinds = createTensors(specs, 0).data.map((values) => values.constructor);
    expect(joined.data.map((values) => values.constructor)).toStrictEqual(kinds);
  });
  fc.assert(property);
});

test('joining leaves what it joins unchanged', () => {
  const tensors = createNumbered(4, 0);
  const before = tensors.data.map((values): unknown[] => [...values]);
  const joined = joinRows(specs, [
    { tensors, from: 0, to: 4 },
    { tensors, from: 1, to: 2 },
  ]);
  for (const values of joined.data) (values as unknown[]).fill(toElement(values, 7));
  expect(tensors.data.map((values): unknown[] => [...values])).toStrictEqual(before);
});

test('a caller on its own is given its own tensors', () => {
  const tensors = createNumbered(3, 0);
  expect(joinRows(specs, [{ tensors, from: 0, to: 3 }])).toBe(tensors);
});

test('new tensors are zeros and empty texts', () => {
  expect(createTensors(specs, 1).data.map((values): unknown[] => [...values])).toStrictEqual([
    [0, 0, 0],
    [0n],
    ['', ''],
    [0, 0, 0, 0],
  ]);
});
