/** Long JSON parsed piece by piece gives what JSON.parse gives: the same value, or a refusal where that has none. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseJson } from '../../src/json/parse';
import { finish } from '../../src/turns';
import { noLimits } from './no-limits';
import { outcomeOf } from './outcome';

const filler = Array.from({ length: 3_000 }, (_, i) => [i, i / 7, -i]);
const long = JSON.stringify(filler);

function inPieces(text: string, limits = noLimits): unknown {
  return finish(parseJson(Buffer.from(text), limits));
}

function expectTheSame(text: string): void {
  const expected = outcomeOf(() => JSON.parse(text));
  const parsed = outcomeOf(() => inPieces(text));
  // Jest's own comparison takes a second for values of this size.
  expect(isDeepStrictEqual(parsed, expected)).toBe(true);
  expect(JSON.stringify(parsed)).toBe(JSON.stringify(expected));
}

describe('a long body', () => {
  test.each([
    ['an array alone among the members', `{"instances":${long}}`],
    ['members before and after', `{"a":[1,{"b":"]"}],"instances":${long},"z":{"instances":[2]}}`],
    ['space wherever it may be', ` {\n "instances" :\t${long.replaceAll(',', ' ,\n ')} } `],
    ['the same member again, short', `{"instances":${long},"instances":[1]}`],
    ['the same member again, long', `{"instances":[1],"instances":${long}}`],
    ['a name with escapes', `{"in\\u0073t\\"":${long}}`],
    ['the name __proto__', `{"__proto__":${long},"a":1}`],
    [
      'brackets, commas and quotes in strings',
      `{"s":"[,{\\"","instances":${JSON.stringify(filler.map((row) => ({ 'a,"[': `}],"${row}` })))}}`,
    ],
    ['letters of several bytes', `{"größe":${JSON.stringify(filler.map(String).map((text) => `ü${text}😀`))}}`],
    ['an array at the top', long],
    ['arrays in an array at the top', `[${long},${long}]`],
    ['a long object', `{"a":{"b":${long}}}`],
    ['two long arrays', `{"a":${long},"b":${long}}`],
    ['text', JSON.stringify('a,'.repeat(50_000))],
    ['text of escapes', `["${'\\ud83d\\ude00\\n\\"'.repeat(20_000)}",1]`],
    ['text of letters of several bytes', `{"a":1,"b":"${'aé😀'.repeat(40_000)}" , "c":[2]}`],
    ['text of half a letter', `["${'\\ud83d'.repeat(20_000)}"]`],
    ['text of a broken escape', `["${'x'.repeat(40_000)}\\u12"]`],
    ['text with a line break', `["${'x'.repeat(40_000)}\n"]`],
    ['text that never ends', `"${'\\"'.repeat(40_000)}`],
    ['text in an object without a name', `{"${'x'.repeat(40_000)}"}`],
    ['two texts without a comma', `["${'x'.repeat(40_000)}" "${'x'.repeat(40_000)}"]`],
    ['spaces between all', `${' '.repeat(200_000)}{"a":${' '.repeat(200_000)}1}${' '.repeat(200_000)}`],
    ['spaces around long text', `[${' '.repeat(200_000)}"${'x'.repeat(40_000)}"${'\n'.repeat(200_000)}]`],
    ['spaces within a number', `[1${' '.repeat(200_000)}2]`],
    ['spaces within text among spaces', `[${' '.repeat(200_000)}"a   b"]`],
    ['nothing after the array', `{"instances":${long}`],
    ['an element missing', `{"instances":${long.replace('],[700,', '],,[700,')}}`],
    ['a comma at the end', `{"instances":${long.slice(0, -1)},]}`],
    ['a bracket of the wrong kind', `{"instances":${long.replace('],[2900,', '},[2900,')}}`],
    ['the array closed like an object', `{"instances":${long.slice(0, -1)}}}`],
    ['a broken number in the middle', `{"instances":${long.replace('[1500,', '[15x0,')}}`],
    ['a string that never ends', `{"instances":${long.replace('[1500,', '["1500,')}}`],
    ['an escape at the end', `{"instances":${long},"a":"\\`],
    ['two objects', `{"instances":${long}}{"instances":${long}}`],
    ['a broken member behind', `{"instances":${long},"a":nul}`],
    ['no name', `{:${long}}`],
  ])('with %s is parsed as JSON.parse does', (_, text) => expectTheSame(text));

  test('can be interrupted after each piece', () => {
    const parsing = parseJson(Buffer.from(`{"instances":${JSON.stringify([filler, filler, filler])}}`), noLimits);
    let interruptions = 0;
    while (parsing.next().done !== true) interruptions++;
    expect(interruptions).toBeGreaterThanOrEqual((3 * long.length) / 40_000);
  });

  test('can be interrupted more often where names are new', () => {
    const objectOf = (i: number) => Object.fromEntries(Array.from({ length: 40 }, (_, k) => [`k${i}_${k}`, 1]));
    const objects = Array.from({ length: 500 }, (_, i) => objectOf(i));
    const parsing = parseJson(Buffer.from(JSON.stringify({ instances: objects })), noLimits);
    let interruptions = 0;
    while (parsing.next().done !== true) interruptions++;
    expect(interruptions).toBeGreaterThanOrEqual((40 * objects.length) / 500);
  });

  test('is parsed as JSON.parse does wherever a byte of it is changed or left out', () => {
    const texts = [
      `{"a":"x","instances":${long},"b":[1]}`,
      `[{"a":${long},"b":{"c":${long},"d":[${long},1]}},${long},[]]`,
    ];
    const bytes = fc.constantFrom('', '"', ',', ':', '[', ']', '{', '}', '\\', ' ', '0', '[]', '{}', '],[', 'null');
    const place = fc.oneof(
      fc.nat(),
      fc.nat(80),
      fc.nat(80).map((n) => -n),
    );
    const property = fc.property(fc.constantFrom(...texts), place, bytes, (text, at, byte) => {
      const index = at < 0 ? text.length + at : at % text.length;
      expectTheSame(text.slice(0, index) + byte + text.slice(index + 1));
      expectTheSame(text.slice(0, index) + byte + text.slice(index));
    });
    fc.assert(property, { numRuns: 100 });
  });

  test('of any form is parsed as JSON.parse does', () => {
    // Texts of values, some of them repeated until they are longer than a piece, in arrays and objects of each other.
    const { text } = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          'null',
          '1.5',
          '"x,]\\""',
          '{"__proto__":[1]}',
          '"é😀"',
          `"${'y'.repeat(40_000)}"`,
          `"${'\\n\\u00e9é'.repeat(10_000)}"`,
          ' '.repeat(150_000).concat('1'),
          '[]',
          ' { } ',
        ),
        fc.array(tie('text'), { maxLength: 4 }).map((texts) => `[${texts}]`),
        fc.array(tie('text'), { maxLength: 4 }).map((texts) => `{${texts.map((each, i) => `"k${i % 3}" : ${each}`)}}`),
        tie('text').map((each) => `[${new Array(Math.ceil(50_000 / each.length)).fill(each)}]`),
        fc.constant(`{"__proto__":${long},"a":1}`),
      ),
    }));
    fc.assert(fc.property(text, expectTheSame), { numRuns: 100 });
  });
});

describe('what a body would unfold to is counted before it does', () => {
  const limits = {
    maxDepth: 64,
    maxContainers: 20_000,
    maxValues: 50_000,
    maxMembers: 500,
    maxHeapBytes: noLimits.maxHeapBytes,
    reason: 'this test',
  };

  test.each([
    [
      'empty objects',
      `{"instances":[${'{},'.repeat(30_000)}{}]}`,
      '20000 arrays and objects, enough for this test, got 30003',
    ],
    ['empty objects and a comma at the end', `{"instances":[${'{},'.repeat(30_000)}]}`, 'got 30002'],
    ['nested arrays', `[${'[[[[[[]]]]]],'.repeat(5_000)}1]`, 'got 30001'],
    ['numbers', `{"instances":[${'1,'.repeat(60_000)}1]}`, '50000 values, enough for this test, got 60002'],
    [
      'members',
      `[{${Array.from({ length: 9_000 }, (_, i) => `"${i}":1`)}}]`,
      '500 members in one object, enough for this test, got 9000',
    ],
  ])('%s', (_, text, got) => {
    expect(() => inPieces(text, limits)).toThrow(expect.objectContaining({ type: 'too-many-values' }));
    expect(() => inPieces(text, limits)).toThrow(got);
  });

  test('names and numbers have ends', () => {
    const names = 'Expected member names of at most 32768 bytes, got one of 40001 bytes.';
    expect(() => inPieces(`{"a":1,"${'x'.repeat(40_000)}" :1}`)).toThrow(names);
    expect(() => inPieces(`[${'9'.repeat(200_000)}]`)).toThrow('the number or word after byte 1 is too long');
  });

  test('levels are counted in short bodies, too', () => {
    for (const length of [200, 200_000])
      expect(() => inPieces('['.repeat(length), limits)).toThrow(
        'Expected at most 64 levels of arrays and objects, got more.',
      );
  });
});

// Code that runs for the first time is up to fifty times as slow as it will be: what is done between two looks at the clock
// must be short even then.
test.each(['{},', '[],', '1,', '"",', '[0.5],', '{"a":1},'])('a long body of %s pauses every 8 KiB', (element) => {
  const body = Buffer.from(`[${element.repeat(100_000)}1]`);
  let pauses = 0;
  for (const work = parseJson(body, noLimits); work.next().done !== true; ) pauses++;
  expect(pauses).toBeGreaterThan(body.length / (8 * 1024));
});
