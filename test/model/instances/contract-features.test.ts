/** What a card may say of a feature beyond its place: categories, a default, missing values, a value that is a tensor itself. */
import type { Feature } from '../../../src/model/card/card';
import type { TensorSpec } from '../../../src/model/tensors/tensors';
import { createCard, createReader, feature } from '../cards';

const inputs: TensorSpec[] = [
  { name: 'kind', datatype: 'BYTES', shape: [-1, 2] },
  { name: 'size', datatype: 'FP32', shape: [-1, 2] },
  { name: 'level', datatype: 'INT64', shape: [-1, 1] },
  { name: 'grid', datatype: 'FP64', shape: [-1, 2, 3] },
];
const features: Feature[] = [
  { ...feature('wood', 'kind', 0), categories: ['oak', 'pine'], default: 'pine' },
  { ...feature('place', 'kind', 1), categories: ['north', 'south'], unknownCategories: 'pass' },
  { ...feature('length', 'size', 0, 'm'), nullable: true, default: null },
  feature('width', 'size', 1, 'm'),
  { ...feature('level', 'level', 0), categories: [1, 2, 5], default: 5 },
  { ...feature('map', 'grid', 0), shape: [2, 3], nullable: true },
];
const map = [
  [1, 2, 3],
  [4, 5, 6],
];
const row: readonly unknown[] = ['oak', 'south', 2.5, 1.5, 2, map];
const object = { wood: 'oak', place: 'south', length: 2.5, width: 1.5, level: 2, map };
const { tensors, problem } = createReader(createCard({ inputs, features }));

async function faultOf(instance: unknown): Promise<unknown> {
  const { errors } = await problem([instance]);
  expect(errors).toHaveLength(1);
  return errors?.[0];
}

describe('a row', () => {
  const filled = [['oak', 'south'], [2.5, 1.5], [2n], [1, 2, 3, 4, 5, 6]];

  it.each([
    ['array', row],
    ['object', object],
  ])('fills every column, from an %s', async (_form, instance) => {
    expect(await tensors([instance])).toStrictEqual(filled);
  });

  it('has the default of what an object leaves out, and only an object may', async () => {
    const { place, width } = object;
    expect(await tensors([{ place, width, map }])).toStrictEqual([
      ['pine', 'south'],
      [Number.NaN, 1.5],
      [5n],
      map.flat(),
    ]);
    expect(await faultOf(row.slice(0, 5))).toMatchObject({ detail: expect.stringMatching(/expected 6 values/) });
  });

  it('has to have what has no default', async () => {
    const { width, ...others } = object;
    expect(await faultOf(others)).toEqual({
      pointer: '/instances/0',
      detail: 'expected the feature "width", which is missing',
    });
  });

  it('may lack a value where the card says that the model was tested so', async () => {
    const missing = row.with(2, null).with(5, [[1, null, 3], map[1]]);
    expect((await tensors([missing]))[1]).toStrictEqual([Number.NaN, 1.5]);
    expect((await tensors([missing]))[3]).toStrictEqual([1, Number.NaN, 3, 4, 5, 6]);
  });

  it('has the empty string for a missing one', async () => {
    const pair: TensorSpec[] = [{ name: 'kind', datatype: 'BYTES', shape: [-1, 2] }];
    const may = { nullable: true, default: null };
    const names = [
      { ...feature('wood', 'kind', 0), ...may, categories: ['oak', 'pine'] },
      { ...feature('place', 'kind', 1), ...may },
    ];
    const words = createReader(createCard({ inputs: pair, features: names }));
    expect(await words.tensors([[null, null]])).toStrictEqual([['', '']]);
    expect(await words.tensors([{}])).toStrictEqual([['', '']]);
    const { errors } = await words.problem([['elm', 1]]);
    expect(errors?.map(({ pointer }) => pointer)).toEqual(['/instances/0/0', '/instances/0/1']);
  });
});

describe('is told', () => {
  it.each([
    ['a category that is refused', 0, 'elm', '/0', 'wood: expected one of "oak", "pine", got the string "elm"'],
    ['an integer that is no category', 4, 3, '/4', 'level: expected one of 1, 2, 5, got the number 3'],
    ['null where nothing may be missing', 3, null, '/3', 'width (m): expected a number, got null'],
    ['a missing value that is none', 2, 'none', '/2', 'length (m): expected a number or null, got the string "none"'],
    ['a tensor of another size', 5, [[1, 2, 3]], '/5', 'map: expected an array of 2, got an array of 1'],
    [
      'a tensor whose row is short',
      5,
      [
        [1, 2, 3],
        [4, 5],
      ],
      '/5/1',
      'map: expected an array of 3, got an array of 2',
    ],
    [
      'an element that is no number',
      5,
      [
        [1, 2, 3],
        [4, 'x', 6],
      ],
      '/5/1/1',
      'map: expected a number or null, got the string "x"',
    ],
    ['a number in the place of a tensor', 5, 7, '/5', 'map: expected an array, got the number 7'],
  ])('%s', async (_title, position, value, pointer, detail) => {
    expect(await faultOf(row.with(position, value as never))).toEqual({ pointer: `/instances/0${pointer}`, detail });
    const name = features[position]?.name as string;
    const inObject = pointer.replace(/^\/\d/, `/${name}`);
    expect(await faultOf({ ...object, [name]: value })).toEqual({ pointer: `/instances/0${inObject}`, detail });
  });

  it('nothing of a category that the model has its own way with', async () => {
    expect((await tensors([row.with(1, 'west')]))[0]).toStrictEqual(['oak', 'west']);
  });
});

describe('a card is refused', () => {
  const only =
    (changed: Partial<Feature>, datatype: TensorSpec['datatype'] = 'FP32', size = 1) =>
    () =>
      createReader(
        createCard({
          inputs: [{ name: 'X', datatype, shape: [-1, size] }],
          features: [{ ...feature('a', 'X', 0), ...changed }],
        }),
      );

  it.each<[string, () => unknown, RegExp]>([
    [
      'with a category that its tensor cannot hold',
      only({ categories: ['oak'] }),
      /feature "a" has the category "oak": expected/,
    ],
    [
      'with a default that is no category',
      only({ categories: [1, 2], default: 3 }),
      /has the default 3, which is not one of its categories/,
    ],
    [
      'with a default of another type',
      only({ default: 'x' }),
      /has the default "x": expected a number that fits a float32/,
    ],
    [
      'with the default null for what may not be missing',
      only({ default: null }),
      /has the default null, but is not nullable/,
    ],
    [
      'with integers that may be missing',
      only({ nullable: true }, 'INT64'),
      /is nullable, but its input has the datatype INT64/,
    ],
    ['with a tensor that has a default', only({ shape: [1], default: 1 }), /neither categories nor a default/],
    [
      'with a tensor that is larger than its input',
      only({ shape: [3] }, 'FP32', 2),
      /"a" fills column 2 of "X", which has 2 columns/,
    ],
    ['with columns that no feature fills', only({}, 'FP32', 3), /No feature of the card fills column 1/],
    ['with unknownCategories and no categories', only({ unknownCategories: 'pass' }), /does not match its schema/],
  ])('%s', (_title, create, message) => {
    expect(create).toThrow(message);
  });
});
