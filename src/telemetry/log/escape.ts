/** Text of others for a log: quoted as JSON, without what a terminal or a viewer of logs acts on instead of showing it. */

const plain = /^[\x20-\x7e]*$/;
/** JSON.stringify escapes the controls below 0x20 only: DEL, C1, turns of the writing direction and line separators are left. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text as a JSON string, quotes included. */
export function escapeText(text: string): string {
  const quoted = JSON.stringify(text);
  return plain.test(text) ? quoted : quoted.replace(invisible, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
