/** Instances in either form become tensors in their order, and what is wrong with them is said where it stands. */
import fc from 'fast-check';
import { Problem } from '../../../src/problem';
import { createMatrixCard, createReader } from '../cards';

const names = ['height', 'width', 'depth'];
const { contract, read, tensors, problem } = createReader(createMatrixCard(names, 'mm'));

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const row = fc.tuple(float, float, float);

function toObject(values: readonly unknown[], order: readonly number[] = [0, 1, 2]) {
  return Object.fromEntries(order.map((i) => [names[i], values[i]]));
}

describe('instances that match', () => {
  test('fill the matrix row by row, in either form and whatever the order of their keys', async () => {
    const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    const property = fc.asyncProperty(fc.array(fc.tuple(row, orders), { minLength: 1 }), async (drawn) => {
      const rows = drawn.map(([values]) => values);
      const expected = [[...Float32Array.from(rows.flat())]];
      expect(await tensors(rows)).toStrictEqual(expected);
      expect(await tensors(drawn.map(([values, order]) => toObject(values, order)))).toStrictEqual(expected);
    });
    await fc.assert(property);
  });

  test('may be numbers that only float32 rounds', async () => {
    expect(await tensors([[0.1, 3.4028234663852886e38, 1e-60]])).toStrictEqual([
      [Math.fround(0.1), 3.4028234663852886e38, 0],
    ]);
  });

  test('are read without a break when they are few', () => {
    expect(contract.readInstances([[1, 2, 3]], '').next().done).toBe(true);
  });
});

describe('what is no list of instances', () => {
  test.each([
    [undefined, 'expected an array of instances, got nothing'],
    [null, 'expected an array of instances, got null'],
    [{ length: 1 }, 'expected an array of instances, got an object'],
    ['[[1,2,3]]', 'expected an array of instances, got the string "[[1,2,3]]"'],
    [[], 'expected at least one instance, got an empty array'],
  ])('%j is refused', async (instances, detail) => {
    const refusal = await problem(instances);
    expect(refusal).toMatchObject({ type: 'invalid-input', status: 422, message: `/instances: ${detail}.` });
    expect(refusal.errors).toStrictEqual([{ pointer: '/instances', detail }]);
  });
});

describe('an instance that does not match', () => {
  const good = [1, 2, 3];
  const notInForm = 'expected an array of values or an object keyed by feature name';

  test.each([
    [[1, '2', 3], '/1', 'width (mm): expected a number, got the string "2"'],
    [[1, 2, null], '/2', 'depth (mm): expected a number, got null'],
    [[true, 2, 3], '/0', 'height (mm): expected a number, got the boolean true'],
    [[1, [2], 3], '/1', 'width (mm): expected a number, got an array of 1'],
    [[1, 3.5e38, 3], '/1', 'width (mm): expected at most 3.4028234663852886e+38, got the number 3.5e+38'],
    [[1, -3.5e38, 3], '/1', 'width (mm): expected at least -3.4028234663852886e+38, got the number -3.5e+38'],
    [[1, 2], '', 'expected 3 values (height, width, depth), got an array of 2'],
    [[1, 2, 3, 4], '', 'expected 3 values (height, width, depth), got an array of 4'],
    [toObject(good), '', 'expected an array like the first instance, got an object'],
    [7, '', `${notInForm}, got the number 7`],
    [null, '', `${notInForm}, got null`],
  ])('%j after one that is an array', async (instance, place, detail) => {
    const { errors } = await problem([good, instance]);
    expect(errors).toStrictEqual([{ pointer: `/instances/1${place}`, detail }]);
  });

  test.each([
    [{ height: 1, width: {}, depth: 3 }, '/width', 'width (mm): expected a number, got an object'],
    [{ height: 1, width: 2 }, '', 'expected the feature "depth", which is missing'],
    [{ ...toObject(good), width_: 4 }, '/width_', 'expected only the features height, width, depth, got "width_"'],
    [{ ...toObject(good), d: 4 }, '/d', 'expected only the features height, width, depth, got "d"'],
    [{ ...toObject(good), 'a/b~c': 4 }, '/a~1b~0c', 'expected only the features height, width, depth, got "a/b~c"'],
    [good, '', 'expected an object like the first instance, got an array of 3'],
    ['x', '', `${notInForm}, got the string "x"`],
  ])('%j after one that is an object', async (instance, place, detail) => {
    const { errors } = await problem([toObject(good), instance]);
    expect(errors).toStrictEqual([{ pointer: `/instances/1${place}`, detail }]);
  });

  test.each(['widht', 'Width', 'width_', 'idth', 'wicth'])('calls width %s: both faults tell', async (name) => {
    const { errors } = await problem([{ height: 1, [name]: 2, depth: 3 }]);
    const listed = 'expected only the features height, width, depth';
    expect(errors).toStrictEqual([
      { pointer: '/instances/0', detail: `expected the feature "width", got "${name}"` },
      { pointer: `/instances/0/${name}`, detail: `${listed}, got "${name}" (did you mean "width"?)` },
    ]);
  });

  test('has all its faults named', async () => {
    const { errors, message } = await problem([['a', 2, false]]);
    expect(errors?.map(({ pointer }) => pointer)).toStrictEqual(['/instances/0/0', '/instances/0/2']);
    expect(message).toBe('/instances/0/0: height (mm): expected a number, got the string "a" (and 1 more).');
  });

  test('is quoted shortly', async () => {
    const { errors } = await problem([['x'.repeat(1_000_000), 2, 3]]);
    expect(errors?.[0]?.detail).toBe(
      `height (mm): expected a number, got the string "${'x'.repeat(40)}"… (1000000 characters)`,
    );
  });
});

describe('faults', () => {
  test('are named in order and up to 20, whichever rows have them', async () => {
    const faulty = fc.uniqueArray(fc.nat(9999), { minLength: 1, maxLength: 60 });
    const property = fc.asyncProperty(faulty, async (places) => {
      const rows: unknown[][] = Array.from({ length: 10_000 }, () => [1, 2, 3]);
      for (const place of places) rows[place] = [1, null, 3];
      const { errors } = await problem(rows);
      const expected = [...places].sort((a, b) => a - b).slice(0, 20);
      expect(errors?.map(({ pointer }) => pointer)).toStrictEqual(expected.map((place) => `/instances/${place}/1`));
    });
    await fc.assert(property, { numRuns: 20 });
  });

  test('of one instance are up to 20 as well', async () => {
    const strangers = Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`k${i}`, i]));
    const { errors } = await problem([strangers]);
    expect(errors).toHaveLength(20);
  });

  test('make one problem, however many instances have one', async () => {
    const outcome = await read(Array.from({ length: 100_000 }, () => []));
    expect(outcome).toBeInstanceOf(Problem);
    expect((outcome as Problem).errors).toHaveLength(20);
    expect((outcome as Problem).message).toMatch(/\(and 19 more\)\.$/);
  });
});
