/** Decodes base64 in turns: long text takes tens of milliseconds, more with line breaks. */
import type { Work } from '../../turns';

/** Characters decoded per turn. */
const pieceLength = 64 * 1024;
const lettersOfGroup = 4;
const notInAlphabet = /[^A-Za-z0-9+/_-]+/g;

/** Accepts both alphabets and ignores other characters, like Node. */
export function* decodeBase64(text: string): Work<Buffer> {
  if (text.length <= pieceLength) return Buffer.from(text, 'base64');
  const pieces: Buffer[] = [];
  let rest = '';
  for (let from = 0; from < text.length; from += pieceLength) {
    const letters = rest + text.slice(from, from + pieceLength).replace(notInAlphabet, '');
    const whole = letters.length - (letters.length % lettersOfGroup);
    pieces.push(Buffer.from(letters.slice(0, whole), 'base64'));
    rest = letters.slice(whole);
    yield;
  }
  return Buffer.concat([...pieces, Buffer.from(rest, 'base64')]);
}
