/** Conditional requests (RFC 9110, 13): a document that the caller has already is not sent again. */
import type { HttpReply, HttpRequest } from '../http/message';
import { sha256 } from '../sha256';

/** A reply with its entity tag. */
export interface Tagged {
  readonly reply: HttpReply;
  readonly tag: string;
  /** The same without a body. */
  readonly unchanged: HttpReply;
}

/** Caches ask each time: the next deployment has other documents. */
const cacheControl = ['cache-control', 'no-cache'];

/** Weak, because a compressed body is the same document. */
export function tagReply({ status, headers, body }: HttpReply): Tagged {
  const digest = sha256(body as string | Buffer, 'base64url').slice(0, 22);
  const tag = `W/"${digest}"`;
  const fields = ['etag', tag, ...(headers.includes('cache-control') ? [] : cacheControl)];
  const vary = headers.includes('vary') ? ['vary', headers[headers.indexOf('vary') + 1] as string] : [];
  return {
    reply: { status, headers: [...headers, ...fields], body },
    tag,
    unchanged: { status: 304, headers: ['etag', tag, ...cacheControl, ...vary], body: '' },
  };
}

export function answerTagged({ reply, tag, unchanged }: Tagged, { headers }: HttpRequest): HttpReply {
  const known = headers['if-none-match'];
  return known !== undefined && isKnown(tag, known) ? unchanged : reply;
}

function isKnown(tag: string, known: string): boolean {
  if (known.trim() === '*') return true;
  const opaque = tag.slice('W/'.length);
  return known.split(',').some((each) => each.trim().replace(/^W\//, '') === opaque);
}
