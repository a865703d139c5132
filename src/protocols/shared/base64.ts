/** Base64 to bytes, in turns: a long text takes tens of milliseconds, more where it has line breaks. */
import type { Work } from '../../turns';

/** Letters that are decoded at once. */
const pieceLength = 64 * 1024;
const lettersOfGroup = 4;
const notInAlphabet = /[^A-Za-z0-9+/_-]+/g;

/** Takes both alphabets, and ignores what is in neither, as Node does. */
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
