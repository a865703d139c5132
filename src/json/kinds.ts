/** The kinds of bytes that structure JSON text. */

export const kindOf = { other: 0, quote: 1, comma: 2, opening: 3, closing: 4, sign: 5, word: 6 } as const;
/** The kind of each byte; a table lookup is faster than comparisons. */
export const kinds = new Uint8Array(256);
for (const [letters, kind] of [
  ['"', kindOf.quote],
  [',', kindOf.comma],
  ['[{', kindOf.opening],
  [']}', kindOf.closing],
  // Occur in numbers that are not small integers.
  ['-.eE', kindOf.sign],
  // First letters of true, false and null.
  ['tfn', kindOf.word],
] as const)
  for (const letter of letters) kinds[letter.charCodeAt(0)] = kind;
