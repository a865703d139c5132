/** Content codings of a request body, undone with a cap on what comes out: a small body may unfold to gigabytes. */
import type { Gunzip, Inflate, InflateRaw } from 'node:zlib';
import { HttpProblem } from '../http/http-problem';
import { Problem } from '../problem';
import { createChunks } from './chunks';
import { bodyTooLarge } from './read-body';

// Late: most processes never see a compressed body.
const loadZlib = () => require('node:zlib') as typeof import('node:zlib');

const codings = 'gzip, deflate';

/** What a body unfolds to in one piece of work. */
const pieceBytes = 64 * 1024;

/**
 * The plain body of one that came in `coding`, as `toCoding` gives it. Throws the problem that it is longer than `maxBytes`, damaged or in a coding that is not read here.
 *
 * Inflating stops when `signal` does: work for a caller who has gone would keep others waiting.
 */
export function inflateBody(body: Buffer, coding: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const stream = createStream(coding, body);
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

/** The one coding that is to be undone; undefined for none. Codings are a list, in which `identity` stands for nothing. */
export function toCoding(header: string | undefined): string | undefined {
  if (header === undefined || header === 'identity') return undefined;
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== 'identity').join(', ') || undefined;
}

function createStream(coding: string, body: Buffer): Gunzip | Inflate | InflateRaw {
  const { createGunzip, createInflate, createInflateRaw } = loadZlib();
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip({ chunkSize: pieceBytes });
  // The coding means zlib's format, and some clients send what is within it alone.
  if (coding === 'deflate') return (isZlib(body) ? createInflate : createInflateRaw)({ chunkSize: pieceBytes });
  const detail = `Expected content-encoding ${codings} or none, got ${JSON.stringify(coding.slice(0, 80))}.`;
  throw new HttpProblem('unsupported-media-type', detail, { headers: ['accept-encoding', codings] });
}

/** The two bytes before the data: method 8, and a check that makes them a multiple of 31 (RFC 1950). */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

function damaged(coding: string, cause: Error): Problem {
  return new Problem('malformed-body', `Expected a whole ${coding} body; it cannot be decompressed.`, { cause });
}
