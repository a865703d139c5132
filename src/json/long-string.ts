/** Strings in JSON bytes: where they end, and where long ones can be cut. */
import { Problem } from '../problem';
import type { Work } from '../turns';
import { type LongValue, pieceBytes } from './long-value';

export const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;
const colon = 0x3a;

/** Position of the quote that closes the string opened at `from`; at least `end` if there is none before it. */
export function endOfString(json: Uint8Array, from: number, end = json.length): number {
  let at = from + 1;
  while (at < end && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}

/** A string and where it can be cut: between characters and escapes. An unterminated one closes at the end of the text. */
export function* outlineString(json: Uint8Array, open: number): Work<LongValue> {
  const cuts: number[] = [];
  let at = open + 1;
  let cutAt = open + pieceBytes;
  while (at < json.length && json[at] !== quote) {
    if (at >= cutAt && !isContinuation(json[at] as number)) {
      cuts.push(at);
      cutAt = at + pieceBytes;
      yield;
    }
    at += json[at] !== backslash ? 1 : json[at + 1] === letterU ? 6 : 2;
  }
  const close = Math.min(at, json.length);
  if (isName(json, close)) throw nameTooLong(close - open);
  return { open, close, cuts, children: [] };
}

/** Whether a byte continues a UTF-8 character. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function isName(json: Uint8Array, close: number): boolean {
  let at = close + 1;
  while (isSpace(json[at])) at++;
  return json[at] === colon;
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function nameTooLong(bytes: number): Problem {
  const detail = `Expected member names of at most ${pieceBytes} bytes, got one of ${bytes} bytes.`;
  return new Problem('malformed-body', detail);
}
