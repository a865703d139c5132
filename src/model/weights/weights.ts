/** The weights, once they have proved to be those of the card, and to be all in one file. */
import { createHash } from 'node:crypto';
import { createReadStream, readFile as readFileCallback } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Card } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import { type OnnxContents, readContents } from './onnx-contents';
import { toSource, withFile } from './protobuf';

// The promise API of node:fs is a library of its own, which costs milliseconds of a cold start.
const readFile = promisify(readFileCallback);

export interface Weights extends Pick<OnnxContents, 'sizesDependOnData'> {
  /** The bytes of small weights, the path of large ones. */
  readonly source: Uint8Array | string;
}

/** Larger ones are hashed piece by piece and read by the runtime itself: in memory twice, 100 MB cost 70 MB and 80 ms more. */
const mostBytesAtOnce = 1024 * 1024;

/**
 * Without any of these bytes weights have no part in another file, which a tensor would name under the key "location", and no
 * operator whose sizes depend on the data: they need no closer look. To search for up to seven bytes is fastest.
 */
const clues = ['locatio', 'NonZero', 'NonMaxS', 'Compres', 'Unique'].map((text) => Buffer.from(text));
const longestClue = 7;

/** Throws when the hash of the weights is not the card's, or they have parts in other files. */
export async function readWeights(directory: string, { weights }: Card): Promise<Weights> {
  const path = join(directory, weights.file);
  if (weights.bytes > mostBytesAtOnce) {
    const { sha256, hasClue } = await lookThrough(path);
    checkHash(weights, sha256);
    return { source: path, ...inspectWeights(weights.file, path, hasClue) };
  }
  const bytes = await readFile(path);
  checkHash(weights, createHash('sha256').update(bytes).digest('hex'));
  return { source: bytes, ...inspectWeights(weights.file, bytes, findClue(bytes)) };
}

/** Looks closely at weights that have a clue. Throws when they keep tensors in other files. */
export function inspectWeights(name: string, weights: Uint8Array | string, hasClue = true): Omit<Weights, 'source'> {
  if (!hasClue) return { sizesDependOnData: false };
  const { isInParts, sizesDependOnData } =
    typeof weights === 'string' ? withFile(weights, readContents) : readContents(toSource(weights));
  if (!isInParts) return { sizesDependOnData };
  throw new ModelRefusal(
    `${name} keeps weights in other files, which the hash of its card does not cover. Export it as one file, such as with ` +
      'torch.onnx.export(..., external_data=False), or onnx.save(onnx.load(path), path).',
  );
}

function checkHash({ file, sha256 }: Card['weights'], found: string): void {
  if (found !== sha256) throw new Error(`${file} has the sha256 ${found}, its card says ${sha256}.`);
}

function findClue(bytes: Buffer): boolean {
  return clues.some((clue) => bytes.includes(clue));
}

/** The hash of a file, and whether it has a clue, which may lie across two pieces. */
async function lookThrough(path: string): Promise<{ readonly sha256: string; readonly hasClue: boolean }> {
  const hash = createHash('sha256');
  const reach = longestClue - 1;
  let hasClue = false;
  let end = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: mostBytesAtOnce }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    hasClue ||= findClue(piece) || findClue(Buffer.concat([end, piece.subarray(0, reach)]));
    end = Buffer.concat([end, piece.subarray(-reach)]).subarray(-reach);
  }
  return { sha256: hash.digest('hex'), hasClue };
}
