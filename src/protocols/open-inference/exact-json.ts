/** Integers beyond 2^53, which JSON.parse rounds: they are put in quotes first, with a mark that says what they were. */

/** Begins the string that stands for a long integer. A caller who sends such a string sends that integer. */
const mark = 'integer:';

const stringsAndNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;
const longInteger = /^-?[1-9]\d{15,}$/;
const longDigits = /\d{16}/;

/** The same JSON with integers of 16 digits or more as marked strings. What is no JSON stays none. */
export function toExactJson(text: string): string {
  if (!longDigits.test(text)) return text;
  return text.replace(stringsAndNumbers, (token) => (longInteger.test(token) ? `"${mark}${token}"` : token));
}

/** The integer that a parsed value stands for; undefined for anything else, fractions among them. */
export function toInteger(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string' || !value.startsWith(mark)) return undefined;
  const digits = value.slice(mark.length);
  return /^-?\d{1,40}$/.test(digits) ? BigInt(digits) : undefined;
}
