/** The text of an answer, made piece by piece: a long one never stands in one string, and none grows beyond its limit. */
import type { HttpReply } from '../../http/message';
import { Problem } from '../../problem';

/** The longest answer that may be made, and what its caller can do about a longer one. */
export interface ReplyLimit {
  readonly maxBytes: number;
  readonly remedy?: string;
}

/** Text is turned into bytes in pieces of about this size: a tenth of a millisecond. */
const pieceLength = 64 * 1024;

export interface ReplyText {
  /** Puts text at the end. Says whether that filled a piece, so that others may have a turn. Throws `reply-too-large`. */
  add(more: string): boolean;
  /** The whole text: a string, or its pieces when there are more. */
  end(): HttpReply['body'];
}

export function createReplyText(limit: ReplyLimit): ReplyText {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let text = '';

  function add(more: string): boolean {
    text += more;
    if (text.length < pieceLength) return false;
    cut();
    return true;
  }

  function cut(): void {
    const piece = Buffer.from(text);
    pieces.push(piece);
    bytes += piece.length;
    text = '';
    checkReplyLength(bytes, limit);
  }

  function end(): HttpReply['body'] {
    if (pieces.length === 0) {
      if (text.length * 3 > limit.maxBytes) checkReplyLength(Buffer.byteLength(text), limit);
      return text;
    }
    if (text !== '') cut();
    return pieces;
  }

  return { add, end };
}

/** Throws the problem `reply-too-large`. */
export function checkReplyLength(bytes: number, { maxBytes, remedy = defaultRemedy }: ReplyLimit): void {
  if (bytes <= maxBytes) return;
  throw new Problem('reply-too-large', `Expected an answer of at most ${maxBytes} bytes, got more: ${remedy}.`);
}

const defaultRemedy = 'send fewer rows in a request, or ask for fewer outputs';
