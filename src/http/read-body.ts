/** Collects the bytes of a request body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { Problem } from '../problem';

export const noBody = Buffer.alloc(0);

/**
 * Bytes beyond the limit that are read and thrown away before the refusal is sent.
 *
 * A caller that is still sending when its connection closes sees a broken pipe and not the answer. Cloud Run lets no
 * longer request through over HTTP/1 than this.
 */
const maxDiscardedBytes = 32 * 1024 * 1024;

/** Calls `done` once, with the body or with the problem that it is too large; never when the caller goes away before the end. */
export function readBody(
  incoming: IncomingMessage,
  maxBodyBytes: number,
  done: (outcome: Buffer | Problem) => void,
): void {
  const { 'content-length': announced, 'transfer-encoding': chunked } = incoming.headers;
  if (announced === undefined && chunked === undefined) return done(noBody);

  const mostBytes = maxBodyBytes + maxDiscardedBytes;
  if (Number(announced) > mostBytes) return done(bodyTooLarge(maxBodyBytes));
  let chunks: Buffer[] = [];
  let size = 0;

  function take(chunk: Buffer): void {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
    else chunks = [];
    if (size > mostBytes) finish();
  }

  function finish(): void {
    incoming.off('data', take).off('end', finish);
    if (size > maxBodyBytes) done(bodyTooLarge(maxBodyBytes));
    else done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
  }

  incoming.on('data', take).on('end', finish);
}

export function bodyTooLarge(maxBodyBytes: number): Problem {
  const detail = `Expected a body of at most ${maxBodyBytes} bytes, after decompression.`;
  return new Problem('body-too-large', detail, { headers: ['connection', 'close'] });
}
