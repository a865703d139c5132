/** Escapes untrusted text for a log: JSON quoting, without characters that terminals and log viewers act on. */

const plain = /^[\x20-\x7e]*$/;
/** JSON.stringify escapes only controls below 0x20; this adds DEL, C1, bidirectional controls and line separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text as a JSON string, with quotes. */
export function escapeText(text: string): string {
  const quoted = JSON.stringify(text);
  return plain.test(text) ? quoted : quoted.replace(invisible, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
