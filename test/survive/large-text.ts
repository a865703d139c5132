/** Text of ten megabytes: pieces again and again, or pieces that differ. */
import type { OutgoingHttpHeaders } from 'node:http';

/** A little less than `MAX_BODY_BYTES`. */
export const mostBytes = 10 * 1024 * 1024 - 64;

/** What of a card decides about a body. */
export interface BodyModel {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
}

export interface LargeBody {
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: Buffer;
}

export type BodyClass = (model: BodyModel) => LargeBody;

/** Text of ten megabytes: as many pieces as fit between a beginning and an end. */
export function repeat(begin: string, piece: string, end: string, bytes = mostBytes): string {
  const count = Math.floor((bytes - begin.length - end.length) / piece.length);
  return begin + piece.repeat(count) + end;
}

/** The same with pieces that differ. */
export function series(begin: string, piece: (i: number) => string, end: string, bytes = mostBytes): string {
  const pieces: string[] = [begin];
  let rest = bytes - begin.length - end.length;
  for (let i = 0; ; i++) {
    const next = piece(i);
    rest -= next.length;
    if (rest < 0) break;
    pieces.push(next);
  }
  return pieces.join('') + end;
}

export const json = (path: string, text: string, headers: OutgoingHttpHeaders = {}): LargeBody => ({
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(text),
});

const keysOfObject = 1000;
/** An object of as many keys as one may have, which no other object has. */
export const distinctObject = (i: number, length = keysOfObject) =>
  `{${Array.from({ length }, (_, key) => `"k${i}_${key}":1`).join()}},`;
export const textObject = `{${Array.from({ length: keysOfObject }, (_, key) => `"k${key}":"1"`).join()}},`;
export const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)},`;
