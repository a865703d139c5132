/** Parses JSON with long integers as bigints, because `JSON.parse` rounds them beyond 2^53. */

const longDigits = /\d{16}/;
const longInteger = /^-?[1-9]\d{15,}$/;
/** No datatype has more, and converting millions of digits would take minutes. */
const maxDigits = 40;

/** Like `JSON.parse`, except that integers of 16 digits and more become bigints. */
export function parseExactly(text: string): unknown {
  return longDigits.test(text) ? createParser(text).parseAll() : JSON.parse(text);
}

/** Where a text stops being JSON, as a position; undefined if it is JSON. `JSON.parse` of newer V8 does not always say. */
export function findFault(text: string): number | undefined {
  const parser = createParser(text);
  try {
    parser.parseAll();
    return undefined;
  } catch {
    return parser.position();
  }
}

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const plainString = /"[^"\\\p{Cc}]*"/uy;
const words = new Map<string, unknown>([
  ['t', true],
  ['f', false],
  ['n', null],
]);

function createParser(text: string) {
  let at = 0;

  function parseAll(): unknown {
    const value = parseValue();
    skipSpace();
    if (at < text.length) throw unexpected();
    return value;
  }

  function parseValue(): unknown {
    skipSpace();
    const first = text[at];
    if (first === '[') return parseArray();
    if (first === '{') return parseObject();
    if (first === '"') return parseString();
    return first !== undefined && words.has(first) ? parseWord(words.get(first)) : parseNumber();
  }

  function parseArray(): unknown[] {
    const elements: unknown[] = [];
    at++;
    if (takes(']')) return elements;
    do elements.push(parseValue());
    while (takes(','));
    expect(']');
    return elements;
  }

  function parseObject(): object {
    const entries: [string, unknown][] = [];
    at++;
    if (takes('}')) return {};
    do {
      skipSpace();
      if (text[at] !== '"') throw unexpected();
      const name = parseString();
      expect(':');
      entries.push([name, parseValue()]);
    } while (takes(','));
    expect('}');
    return Object.fromEntries(entries);
  }

  function parseString(): string {
    const plain = match(plainString);
    if (plain !== undefined) return plain.slice(1, -1);
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) throw new SyntaxError(`Unterminated string at position ${at}`);
    const value = JSON.parse(text.slice(at, ++end)) as string;
    at = end;
    return value;
  }

  function parseNumber(): number | bigint {
    const token = match(number);
    if (token === undefined) throw unexpected();
    return longInteger.test(token) && token.length <= maxDigits ? BigInt(token) : Number(token);
  }

  function parseWord(value: unknown): unknown {
    const word = String(value);
    if (!text.startsWith(word, at)) throw unexpected();
    at += word.length;
    return value;
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[0];
    at += token?.length ?? 0;
    return token;
  }

  function skipSpace(): void {
    match(space);
  }

  function takes(token: string): boolean {
    skipSpace();
    if (text[at] !== token) return false;
    at++;
    return true;
  }

  function expect(token: string): void {
    if (!takes(token)) throw unexpected();
  }

  function unexpected(): SyntaxError {
    const token = text[at];
    return new SyntaxError(
      token === undefined
        ? 'Unexpected end of JSON input'
        : `Unexpected token ${JSON.stringify(token)} at position ${at}`,
    );
  }

  return { parseAll, position: () => at };
}
