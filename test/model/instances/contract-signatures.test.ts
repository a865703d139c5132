/** Any signature that a card can hold: several tensors, every datatype, features with awkward names. */
import type { Card, Feature } from '../../../src/model/card/card';
import type { Datatype } from '../../../src/model/tensors/datatypes';
import type { TensorSpec } from '../../../src/model/tensors/tensors';
import { createCard, createMatrixCard, createReader, feature } from '../cards';

describe('a model with tensors of several datatypes', () => {
  const inputs: TensorSpec[] = [
    { name: 'sizes', datatype: 'FP32', shape: [-1, 2] },
    { name: 'count', datatype: 'INT64', shape: [-1, 1] },
    { name: 'kind', datatype: 'BYTES', shape: [-1] },
    { name: 'flags', datatype: 'BOOL', shape: [-1, 2] },
  ];
  // Neither the tensors nor their columns come in the order of the features.
  const features = [
    feature('is_new', 'flags', 1),
    feature('width', 'sizes', 1),
    feature('kind', 'kind', 0),
    feature('count', 'count', 0),
    feature('is_open', 'flags', 0),
    feature('height', 'sizes', 0),
  ];
  const { read, tensors, problem } = createReader(createCard({ inputs, features }));

  const rows = [
    [true, 2.5, 'oak', 7, false, 1.5],
    [false, 3, '', -9_007_199_254_740_991, true, 0],
  ];
  const filled = [
    [1.5, 2.5, 0, 3],
    [7n, -9_007_199_254_740_991n],
    ['oak', ''],
    [0, 1, 1, 0],
  ];

  test('has each filled in its own columns, from arrays', async () => {
    expect(await tensors(rows)).toStrictEqual(filled);
  });

  test('has each filled in its own columns, from objects', async () => {
    const objects = rows.map((row) => Object.fromEntries(features.map(({ name }, i) => [name, row[i]])));
    expect(await tensors(objects)).toStrictEqual(filled);
  });

  test('gets the kind of array that each datatype takes', async () => {
    const outcome = await read(rows);
    expect(outcome).toMatchObject({ rows: 2 });
    const data = 'data' in outcome ? outcome.data : [];
    expect(data.map((values) => values.constructor.name)).toStrictEqual([
      'Float32Array',
      'BigInt64Array',
      'Array',
      'Uint8Array',
    ]);
  });

  test.each([
    [3, 1.5, 'count: expected an integer, got the number 1.5'],
    [3, 2 ** 53, 'count: expected at most 9007199254740991, got the number 9007199254740992'],
    [3, '7', 'count: expected an integer, got the string "7"'],
    [2, 7, 'kind: expected a string, got the number 7'],
    [0, 1, 'is_new: expected a boolean, got the number 1'],
    [4, 'true', 'is_open: expected a boolean, got the string "true"'],
  ])('refuses for its feature %i the value %j', async (position, value, detail) => {
    const { errors } = await problem([rows[0]?.with(position, value)]);
    expect(errors).toStrictEqual([{ pointer: `/instances/0/${position}`, detail }]);
  });
});

describe('integers', () => {
  const largest: Partial<Record<Datatype, readonly [number, number]>> = {
    UINT8: [0, 255],
    INT8: [-128, 127],
    UINT16: [0, 65_535],
    INT16: [-32_768, 32_767],
    UINT32: [0, 4_294_967_295],
    INT32: [-2_147_483_648, 2_147_483_647],
    UINT64: [0, Number.MAX_SAFE_INTEGER],
    INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  };

  test.each(Object.entries(largest))('of %s are kept exactly or refused', async (datatype, [least, most]) => {
    const input: TensorSpec = { name: 'n', datatype: datatype as Datatype, shape: [-1, 1] };
    const { tensors, problem } = createReader(createCard({ inputs: [input], features: [feature('n', 'n', 0)] }));
    const [values] = await tensors([[least], [most], [1]]);
    expect(values?.map(Number)).toStrictEqual([least, most, 1]);
    for (const value of [least - 1, most + 1, 0.5]) expect((await problem([[value]])).errors).toHaveLength(1);
  });
});

describe('features with awkward names', () => {
  const names = ['constructor', 'a/b', 'm~n', 'toString', 'length', '0', ' '];
  const { tensors, problem } = createReader(createMatrixCard(names));
  const members = names.map((name, i) => [name, i + 1] as const);

  test('are read from objects', async () => {
    expect(await tensors([parseMembers(members)])).toStrictEqual([members.map(([, value]) => value)]);
  });

  test.each(names)('miss %j when it is not there', async (missing) => {
    const { errors } = await problem([parseMembers(members.filter(([name]) => name !== missing))]);
    const detail = `expected the feature ${JSON.stringify(missing)}, which is missing`;
    expect(errors).toStrictEqual([{ pointer: '/instances/0', detail }]);
  });

  test.each(names)('have a pointer to %j when its value is wrong', async (wrong) => {
    const wrongMembers = members.map(([name, value]) => [name, name === wrong ? null : value] as const);
    const { errors } = await problem([parseMembers(wrongMembers)]);
    const token = wrong.replaceAll('~', '~0').replaceAll('/', '~1');
    expect(errors).toStrictEqual([
      { pointer: `/instances/0/${token}`, detail: `${wrong}: expected a number, got null` },
    ]);
  });
});

/** An object as a body is parsed, whatever its members are called. */
function parseMembers(members: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`);
}

describe('a card that cannot be served is refused by name', () => {
  const X: TensorSpec = { name: 'X', datatype: 'FP32', shape: [-1, 2] };
  const create = (inputs: readonly TensorSpec[], features: readonly Feature[], outputs?: Card['outputs']) => () =>
    createReader(createCard({ inputs, features, ...(outputs === undefined ? {} : { outputs }) }));
  const uneven = { minimum: 0, maximum: 1, quantiles: { '0.3': 1, '0.5': 1 }, shares: [0.5, 0.4, 0.1] };
  const [a, b] = [feature('a', 'X', 0), feature('b', 'X', 1)];

  test.each([
    ['a feature of an input that is not there', create([X], [a, feature('b', 'Y', 0)]), /"b".*"Y"/],
    ['a feature beyond the row of its tensor', create([X], [a, feature('b', 'X', 2)]), /b/],
    ['two features in one column', create([X], [a, feature('b', 'X', 0)]), /b/],
    ['a feature whose name JSON Schema cannot describe', create([X], [a, feature('__proto__', 'X', 1)]), /__proto__/],
    ['two features of one name', create([X], [a, feature('a', 'X', 1)]), /a/],
    ['a feature called __proto__', create([X], [a, feature('__proto__', 'X', 1)]), /__proto__/],
    [
      'shares that do not go with the quantiles',
      create([X], [a, { ...b, training: uneven }]),
      /"b" has 3 shares: expected 2, one more/,
    ],
    ['a column that no feature fills', create([X], [a]), /X/],
    ['a tensor whose first dimension is fixed', create([{ ...X, shape: [2, -1] }], [a, b]), /shape|dimension/],
    ['a datatype that tensors do not have', create([{ ...X, datatype: 'BF16' as Datatype }], [a, b]), /BF16|datatype/],
  ])('%s', (_, make, names) => {
    expect(make).toThrow(names);
  });
});
