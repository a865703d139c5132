/** Content codings of a request body, undone with a cap on what comes out: a small body may unfold to gigabytes. */
import type { Gunzip, Inflate } from 'node:zlib';
import { Problem } from '../problem';
import { createChunks } from './chunks';
import { bodyTooLarge } from './read-body';

const codings = 'gzip, deflate';

/** What a body unfolds to in one piece of work. */
const pieceBytes = 64 * 1024;

/**
 * The plain body. Throws the problem that it is longer than `maxBytes`, damaged or in a coding that is not read here.
 *
 * Inflating stops when `signal` does: work for a caller who has gone would keep others waiting.
 */
export function inflateBody(body: Buffer, coding: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const stream = createStream(coding);
  const chunks = createChunks();
  let size = 0;

  return new Promise((resolve, reject) => {
    function end(failure?: Error): void {
      signal.removeEventListener('abort', abort);
      stream.destroy();
      if (failure === undefined) resolve(chunks.join());
      else reject(failure);
    }

    function abort(): void {
      end(new Problem('caller-gone', 'Nobody waits for the answer any more.'));
    }

    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.add(chunk);
      else end(bodyTooLarge(maxBytes));
    });
    stream.on('end', () => end());
    stream.on('error', (cause) => end(damaged(coding, cause)));
    stream.end(body);
  });
}

function createStream(coding: string): Gunzip | Inflate {
  // Most processes never see a compressed body: the library loads with the first.
  const { createGunzip, createInflate } = require('node:zlib') as typeof import('node:zlib');
  const name = coding.trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return createGunzip({ chunkSize: pieceBytes });
  if (name === 'deflate') return createInflate({ chunkSize: pieceBytes });
  const detail = `Expected content-encoding ${codings} or none, got ${JSON.stringify(coding.slice(0, 80))}.`;
  throw new Problem('unsupported-media-type', detail, { headers: ['accept-encoding', codings] });
}

function damaged(coding: string, cause: Error): Problem {
  return new Problem('malformed-body', `Expected a whole ${coding} body; it cannot be decompressed.`, { cause });
}
