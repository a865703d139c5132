/** A piece of JSON that stands between two cuts: its text, without the space that would make it long. */

import type { Work } from '../turns';
import { endOfString, isSpace, quote } from './long-string';
import { blockBytes, pieceBytes } from './long-value';
import { malformed } from './malformed';

/** Between cuts stand at most a piece, a name and a value that is no long one. */
const longestPiece = 4 * pieceBytes;

/** The text from one place to another, which holds no string of more than a piece. */
export function* textOfPiece(json: Buffer, from: number, to: number): Work<string> {
  return to - from <= longestPiece ? json.toString('utf8', from, to) : yield* withoutSpace(json, from, to);
}

/** Leaves one of the spaces between tokens: what is still long is a token that nobody needs. */
function* withoutSpace(json: Buffer, from: number, to: number): Work<string> {
  const piece = Buffer.allocUnsafe(longestPiece);
  let length = 0;
  let yieldAt = from + blockBytes;
  for (let at = from; at < to; at++) {
    if (at >= yieldAt) {
      yieldAt = at + blockBytes;
      yield;
    }
    if (isSpace(json[at]) && isSpace(json[at - 1])) continue;
    const end = json[at] === quote ? Math.min(endOfString(json, at), to - 1) : at;
    if (length + end - at >= longestPiece)
      throw malformed(`no number or word has as many letters as the one behind byte ${from}`);
    length += json.copy(piece, length, at, end + 1);
    at = end;
  }
  return piece.toString('utf8', 0, length);
}

/** Throws the problem `malformed-body` where anything but space stands from one place to another. */
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
