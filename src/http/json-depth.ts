/** How deep JSON nests, from its bytes alone: before a parser builds anything from it. */

const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{` differ in this bit only, as do `]` and `}`. */
const braceBit = 0x20;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** Whether arrays and objects nest deeper than `most`. Of text that is no JSON it says something, and the parser the rest. */
export function isDeeper(json: Uint8Array, most: number): boolean {
  // Each level takes two bytes.
  if (json.length <= 2 * most) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === quote) at = endOfString(json, at);
    else if ((byte | braceBit) === openingBrace) {
      if (++depth > most) return true;
    } else if ((byte | braceBit) === closingBrace) depth--;
  }
  return false;
}

/** Place of the quote that ends the string that begins at `from`; the end of the text where none does. */
export function endOfString(json: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
