/** The text of a piece of JSON between two cuts, without excess whitespace. */
import type { Work } from '../turns';
import { endOfString, isSpace, quote } from './long-string';
import { blockBytes, pieceBytes } from './long-value';
import { malformed } from './malformed';

/** Between two cuts there is at most a piece, a name and a value that is not long. */
const maxPieceBytes = 4 * pieceBytes;

/** The text between two positions, which holds no string longer than a piece. */
export function* textOfPiece(json: Buffer, from: number, to: number): Work<string> {
  return to - from <= maxPieceBytes ? json.toString('utf8', from, to) : yield* withoutSpace(json, from, to);
}

/** Keeps one space between tokens. If the text is still too long, a number or word is absurdly long. */
function* withoutSpace(json: Buffer, from: number, to: number): Work<string> {
  const piece = Buffer.allocUnsafe(maxPieceBytes);
  let length = 0;
  let yieldAt = from + blockBytes;
  for (let at = from; at < to; at++) {
    if (at >= yieldAt) {
      yieldAt = at + blockBytes;
      yield;
    }
    if (isSpace(json[at]) && isSpace(json[at - 1])) continue;
    const end = json[at] === quote ? Math.min(endOfString(json, at), to - 1) : at;
    if (length + end - at >= maxPieceBytes) throw malformed(`the number or word after byte ${from} is too long`);
    length += json.copy(piece, length, at, end + 1);
    at = end;
  }
  return piece.toString('utf8', 0, length);
}

/** Throws the problem `malformed-body` if there is anything but whitespace between two positions. */
export function* expectSpace(json: Buffer, from: number, to: number): Work<void> {
  let yieldAt = from + blockBytes;
  for (let at = from; at < to; at++) {
    if (at >= yieldAt) {
      yieldAt = at + blockBytes;
      yield;
    }
    if (isSpace(json[at])) continue;
    const token = json.toString('utf8', at, Math.min(to, at + 4))[0] ?? '';
    throw malformed(`unexpected token ${JSON.stringify(token)} at byte ${at}`);
  }
}
