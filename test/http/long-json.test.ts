/** A long body parsed in turns gives what JSON.parse gives: the same value, or the same error. */
import fc from 'fast-check';
import { parseInTurns } from '../../src/http/long-json';

const filler = Array.from({ length: 3_000 }, (_, i) => [i, i / 7, -i]);
const long = JSON.stringify(filler);

function inTurns(text: string): Promise<unknown> {
  return new Promise((resolve) => parseInTurns(Buffer.from(text), resolve));
}

function atOnce(text: string): unknown {
  try {
    return { value: JSON.parse(text) };
  } catch (failure) {
    return { failure };
  }
}

async function expectTheSame(text: string): Promise<void> {
  const parsed = await inTurns(text);
  expect(parsed).toStrictEqual(atOnce(text));
  if (typeof parsed === 'object' && parsed !== null && 'value' in parsed)
    expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(JSON.parse(text)));
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
  ])('with %s is parsed as JSON.parse does', async (_, text) => {
    await expectTheSame(text);
  });

  test('gives other work its turn', async () => {
    const text = `{"instances":${long}}`;
    let turns = 0;
    const count = () => {
      turns++;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    await inTurns(text);
    clearImmediate(counting);
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test('is parsed as JSON.parse does wherever a byte of it is changed or left out', async () => {
    const text = `{"a":"x","instances":${long},"b":[1]}`;
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '"', ',', '[', ']', '{', '}', '\\', ' ', '0'));
    await fc.assert(
      fc.asyncProperty(change, ([at, byte]) => expectTheSame(text.slice(0, at) + byte + text.slice(at + 1))),
    );
  });
});
