/** The kinds of bytes that say what a text of JSON holds. */

export const kindOf = { other: 0, quote: 1, comma: 2, opening: 3, closing: 4, sign: 5 } as const;
/** What each byte is: a look into a table costs less than a row of comparisons. */
export const kinds = new Uint8Array(256);
for (const [letters, kind] of [
  ['"', kindOf.quote],
  [',', kindOf.comma],
  ['[{', kindOf.opening],
  [']}', kindOf.closing],
  // What stands in numbers that are no small integers.
  ['-.eE', kindOf.sign],
] as const)
  for (const letter of letters) kinds[letter.charCodeAt(0)] = kind;
