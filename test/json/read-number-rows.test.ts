/** Rows of numbers read straight from their text are bit by bit those that JSON.parse gives; all else is left to it. */
import fc from 'fast-check';
import type { NumberRowsKind } from '../../src/json/number-rows';
import { readNumberRows } from '../../src/json/read-number-rows';
import { finish } from '../../src/turns';

const kind = (width: number, maxRows = 1_000): NumberRowsKind => ({
  width,
  maxRows,
  limit: Number.MAX_VALUE,
  create: (length) => new Float64Array(length),
});

function read(text: string, { width = 2, maxRows = 1_000, before = '' } = {}) {
  const rows = finish(readNumberRows(Buffer.from(before + text), before.length, kind(width, maxRows)));
  return rows && { rows: rows.rows, bits: bitsOf(rows.data), rest: rows.end - before.length };
}

function expected(text: string) {
  const rows = JSON.parse(text) as number[][];
  return { rows: rows.length, bits: bitsOf(Float64Array.from(rows.flat())), rest: text.length };
}

const bitsOf = (data: ArrayBufferView<ArrayBuffer>) =>
  Array.from(new BigUint64Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)));

const spaces = fc.stringMatching(/^[ \t\n\r]{0,3}$/);
const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
/** Every number that JSON has, most of them far from what a double holds. */
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,24}$/)),
      fc.option(digits(24), { nil: undefined }),
      fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-', 'e-'), digits(2)), { nil: undefined }),
    )
    .map(
      ([sign, whole, fraction, exponent]) =>
        `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent === undefined ? '' : exponent.join('')}`,
    ),
);

test('rows of any numbers and spaces', () => {
  const row = fc
    .tuple(spaces, number, spaces, spaces, number, spaces)
    .map(([a, one, b, c, other, d]) => `[${a}${one}${b},${c}${other}${d}]`);
  const rows = fc.array(fc.tuple(row, spaces, spaces), { minLength: 1, maxLength: 40 });
  const text = rows.map((each) => `[${each.map(([one, before, after]) => before + one + after).join()}]`);
  fc.assert(
    fc.property(text, (json) => expect(read(json)).toEqual(expected(json))),
    { numRuns: 500 },
  );
});

test('a text damaged anywhere is read only where JSON.parse reads it, and then alike', () => {
  const text = '[[1.5,-2],[0.25e-3,1e2],[ 30 , 4.0 ]]';
  const damage = fc.tuple(fc.nat(text.length - 1), fc.constantFrom(...'0123456789.,-+eE[]{}" \nnxü'));
  fc.assert(
    fc.property(damage, fc.boolean(), ([at, letter], isAdded) => {
      const json = text.slice(0, at) + letter + text.slice(isAdded ? at : at + 1);
      const rows = read(json);
      if (rows === undefined) return;
      const whole = json.slice(0, rows.rest);
      expect(rows).toEqual(expected(whole));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['no rows', '[]'],
  ['a row too short', '[[1,2],[1]]'],
  ['a row too long', '[[1,2],[1,2,3]]'],
  ['a row of no numbers', '[[1,2],[]]'],
  ['a value that is no number', '[[1,2],[1,"2"]]'],
  ['null', '[[1,null]]'],
  ['an object', '[{"a":1}]'],
  ['a nested row', '[[[1,2]]]'],
  ['more than a double holds', '[[1,1e999]]'],
  ['a leading zero', '[[1,02]]'],
  ['a point without digits', '[[1,2.]]'],
  ['a point at first', '[[1,.2]]'],
  ['an exponent without digits', '[[1,2e]]'],
  ['a plus', '[[1,+2]]'],
  ['a comma too many', '[[1,2],]'],
  ['a comma missing', '[[1,2][3,4]]'],
  ['no end', '[[1,2],[3,4'],
  ['no array', '{"a":1}'],
])('%s is left to the parser', (_, text) => {
  expect(read(text)).toBeUndefined();
});

test('as many rows as a request may have, and not one more', () => {
  expect(read('[[1,2],[3,4]]', { maxRows: 2 })?.rows).toBe(2);
  expect(read('[[1,2],[3,4],[5,6]]', { maxRows: 2 })).toBeUndefined();
});

test('many rows, the later ones shorter or longer than the first, from any place on', () => {
  for (const width of [1, 3, 7]) {
    for (const [first, later] of [
      ['1.000000000000', '2'],
      ['1', '2.000000000000'],
    ]) {
      const row = (value: string | undefined) => Array.from({ length: width }, () => value);
      const rows = Array.from({ length: 30_000 }, (__, i) => `[${row(i === 0 ? first : later)}]`);
      const text = `[${rows}]`;
      expect(read(text, { width, maxRows: 1e6, before: '{"instances": ' })).toEqual(expected(text));
    }
  }
});
