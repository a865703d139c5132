/** Builds the text of a reply in pieces: a long one is never a single string, and none exceeds its limit. */
import type { HttpReply } from '../../http/message';
import { Problem } from '../../problem';

/** The maximum length of a reply, and how a caller can stay below it. */
export interface ReplyLimit {
  readonly maxBytes: number;
  readonly remedy?: string;
}

/** Text is encoded in pieces of about this size, which takes 0.1 ms. */
const pieceLength = 64 * 1024;

export interface ReplyText {
  /** Appends text. Returns true when that filled a piece, the moment to yield. Throws `reply-too-large`. */
  add(more: string): boolean;
  /** The whole text: a string, or pieces if it is long. */
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
  throw new Problem('reply-too-large', `Expected an answer of at most ${maxBytes} bytes, got more; ${remedy}.`);
}

const defaultRemedy = 'send fewer rows per request, or ask for fewer outputs';
