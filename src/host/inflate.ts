/** Decompresses request bodies up to a size limit: a small body may inflate to gigabytes. */
import type { Readable } from 'node:stream';
import type { Gunzip, Inflate, InflateRaw } from 'node:zlib';
import { HttpProblem } from '../http/http-problem';
import { Problem } from '../problem';
import { createChunks } from './chunks';
import { bodyTooLarge } from './read-body';

// Loaded lazily: most processes never see a compressed body.
const loadZlib = () => require('node:zlib') as typeof import('node:zlib');

const codings = 'gzip, deflate';

/** Bytes inflated in one step. */
const pieceBytes = 64 * 1024;

/**
 * Decompresses a body with `coding`, as `toCoding` returns it. Throws a problem if the result exceeds `maxBytes`, the body is damaged, or the coding is not supported.
 *
 * Stops when `signal` aborts: work for a disconnected caller would keep others waiting.
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
      end(new Problem('caller-gone', 'The caller closed the connection.'));
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

/** The coding to undo, undefined for none. The header is a list, in which `identity` means no coding. */
export function toCoding(header: string | undefined): string | undefined {
  if (header === undefined || header === 'identity') return undefined;
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== 'identity').join(', ') || undefined;
}

export function isGzip(coding: string): boolean {
  return coding === 'gzip' || coding === 'x-gzip';
}

/** What a stream of gzip holds. It fails where that is damaged, and closes where it is cut; the stream itself stays. */
export function inflateStream(source: Readable): Readable {
  const inflating = loadZlib().createGunzip({ chunkSize: pieceBytes });
  source.on('error', () => inflating.destroy());
  source.on('close', () => void (source.readableEnded || inflating.destroy()));
  return source.pipe(inflating);
}

function createStream(coding: string, body: Buffer): Gunzip | Inflate | InflateRaw {
  const { createGunzip, createInflate, createInflateRaw } = loadZlib();
  if (isGzip(coding)) return createGunzip({ chunkSize: pieceBytes });
  // `deflate` means zlib's format, but some clients send raw deflate data.
  if (coding === 'deflate') return (isZlib(body) ? createInflate : createInflateRaw)({ chunkSize: pieceBytes });
  const detail = `Expected content-encoding ${codings} or none, got ${JSON.stringify(coding.slice(0, 80))}.`;
  throw new HttpProblem('unsupported-media-type', detail, { headers: ['accept-encoding', codings] });
}

/** Whether the first two bytes are a zlib header: method 8, and a multiple of 31 (RFC 1950). */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

export function damaged(coding: string, cause: Error): Problem {
  return new Problem('malformed-body', `Expected a complete ${coding} body, got a damaged one.`, { cause });
}
