/** The weights, once they have proved to be those of the card. */
import { createHash } from 'node:crypto';
import { createReadStream, readFile as readFileCallback } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Card } from './card';

// The promise API of node:fs is a library of its own, which costs milliseconds of a cold start.
const readFile = promisify(readFileCallback);

/** Larger ones are hashed piece by piece and read by the runtime itself: in memory twice, 100 MB cost 70 MB and 80 ms more. */
const mostBytesAtOnce = 1024 * 1024;

/** The bytes of small weights, the path of large ones. Throws when their hash is not the card's. */
export async function readWeights(directory: string, { weights }: Card): Promise<Uint8Array | string> {
  const path = join(directory, weights.file);
  if (weights.bytes > mostBytesAtOnce) {
    checkHash(weights, await hashPieces(path));
    return path;
  }
  const bytes = await readFile(path);
  checkHash(weights, createHash('sha256').update(bytes).digest('hex'));
  return bytes;
}

function checkHash({ file, sha256 }: Card['weights'], found: string): void {
  if (found !== sha256) throw new Error(`${file} has the sha256 ${found}, its card says ${sha256}.`);
}

async function hashPieces(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: mostBytesAtOnce })) hash.update(piece);
  return hash.digest('hex');
}
