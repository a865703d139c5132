/** Reads the weights, after checking that they match the card's hash and are all in one file. */
import { createHash } from 'node:crypto';
import { createReadStream, readFile as readFileCallback } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Card } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import { type OnnxContents, readContents } from './onnx-contents';
import { toSource, withFile } from './protobuf';

// Loading node:fs/promises costs a cold start milliseconds.
const readFile = promisify(readFileCallback);

export interface Weights extends Pick<OnnxContents, 'sizesDependOnData'> {
  /** Bytes of small weights, path of large ones. */
  readonly source: Uint8Array | string;
}

/** Larger files are hashed in pieces and read by the runtime: for 100 MB that saves 70 MB and 80 ms. */
const maxBytesAtOnce = 1024 * 1024;

/**
 * Weights without any of these byte sequences have no external tensor (its key is "location") and no operator with
 * data-dependent sizes, so they need no closer look. Searching for up to seven bytes is fastest.
 */
const clues = ['locatio', 'NonZero', 'NonMaxS', 'Compres', 'Unique'].map((text) => Buffer.from(text));
const maxClueLength = 7;

/** Throws when the weights do not match the card's hash, or refer to external files. */
export async function readWeights(directory: string, { weights }: Card): Promise<Weights> {
  const path = join(directory, weights.file);
  if (weights.bytes > maxBytesAtOnce) {
    const { sha256, hasClue } = await lookThrough(path);
    checkHash(weights, sha256);
    return { source: path, ...inspectWeights(weights.file, path, hasClue) };
  }
  const bytes = await readFile(path);
  checkHash(weights, createHash('sha256').update(bytes).digest('hex'));
  return { source: bytes, ...inspectWeights(weights.file, bytes, findClue(bytes)) };
}

/** Inspects weights that have a clue. Throws when they refer to external files. */
export function inspectWeights(name: string, weights: Uint8Array | string, hasClue = true): Omit<Weights, 'source'> {
  if (!hasClue) return { sizesDependOnData: false };
  const { isInParts, sizesDependOnData } =
    typeof weights === 'string' ? withFile(weights, readContents) : readContents(toSource(weights));
  if (!isInParts) return { sizesDependOnData };
  throw new ModelRefusal(
    `${name} stores weights in other files, which the card's hash does not cover. Export it as one file: ` +
      'torch.onnx.export(..., external_data=False), or onnx.save(onnx.load(path), path).',
  );
}

function checkHash({ file, sha256 }: Card['weights'], found: string): void {
  if (found !== sha256) throw new Error(`${file} does not match its card: expected sha256 ${sha256}, got ${found}.`);
}

function findClue(bytes: Buffer): boolean {
  return clues.some((clue) => bytes.includes(clue));
}

/** The hash of a file, and whether it contains a clue, which may span two pieces. */
async function lookThrough(path: string): Promise<{ readonly sha256: string; readonly hasClue: boolean }> {
  const hash = createHash('sha256');
  const reach = maxClueLength - 1;
  let hasClue = false;
  let end = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: maxBytesAtOnce }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    hasClue ||= findClue(piece) || findClue(Buffer.concat([end, piece.subarray(0, reach)]));
    end = Buffer.concat([end, piece.subarray(-reach)]).subarray(-reach);
  }
  return { sha256: hash.digest('hex'), hasClue };
}
