/** Reads the weights, after checking that they match the card's hashes and are in no other files than it names. */
import { createReadStream, readFile as readFileCallback, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSha256, sha256 } from '../../sha256';
import type { Card, WeightsFile } from '../card/card';
import { ModelRefusal } from '../card/refusal';
import { readCheckedCopy } from './checked-copy';
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

const pointerStart = 'version https://git-lfs';
const mostPointerBytes = 1024;

/** Throws when the weights do not match the card's hashes, or refer to files that the card does not name. */
export async function readWeights(directory: string, card: Card): Promise<Weights> {
  try {
    return await readChecked(directory, card);
  } catch (failure) {
    const { code, path } = failure as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ModelRefusal(`${path} is missing: the card in ${directory} names it.`);
    // The error of a directory has no path.
    if (code === 'EISDIR') throw new ModelRefusal(`${findDirectory(directory, card)} is a directory: expected a file.`);
    throw failure;
  }
}

function findDirectory(directory: string, { weights }: Card): string {
  const places = [weights, ...(weights.files ?? [])].map(({ file }) => join(directory, file));
  return places.find((place) => statSync(place).isDirectory()) ?? directory;
}

async function readChecked(directory: string, { weights }: Card): Promise<Weights> {
  const path = join(directory, weights.file);
  const { files = [] } = weights;
  for (const each of files) {
    const place = join(directory, each.file);
    checkHash(each, (await lookThrough(place)).sha256, place);
  }
  if (weights.bytes > maxBytesAtOnce || files.length > 0) {
    const { sha256: found, hasClue } = await lookThrough(path);
    checkHash(weights, found, path);
    const { otherFiles, sizesDependOnData } = inspectWeights(path, hasClue);
    checkPlaces(weights, otherFiles);
    return { source: path, sizesDependOnData };
  }
  const [bytes, copy] = await Promise.all([readFile(path), readCheckedCopy(weights.sha256)]);
  if (copy?.equals(bytes) !== true) checkHash(weights, sha256(bytes), path);
  const { otherFiles, sizesDependOnData } = inspectWeights(bytes, findClue(bytes));
  checkPlaces(weights, otherFiles);
  return { source: bytes, sizesDependOnData };
}

/** Looks into weights that have a clue. */
export function inspectWeights(weights: Uint8Array | string, hasClue = true): OnnxContents {
  if (!hasClue) return { otherFiles: [], sizesDependOnData: false };
  return typeof weights === 'string' ? withFile(weights, readContents) : readContents(toSource(weights));
}

function checkPlaces({ file, files = [] }: Card['weights'], places: readonly string[]): void {
  const unknown = places.filter((place) => !files.some((each) => each.file === place));
  if (unknown.length === 0) return;
  throw new ModelRefusal(
    `${file} keeps tensors in files that its card does not name: ${unknown.map((place) => place || '(unnamed)').join(', ')}. ` +
      'Put them beside it and into "files" of "weights", as `npm run model -- inspect` does, or export it as one file: ' +
      'torch.onnx.export(..., external_data=False), or onnx.save(onnx.load(path), path).',
  );
}

function checkHash({ file, bytes, sha256: expected }: WeightsFile, found: string, path: string): void {
  if (found === expected) return;
  if (isPointer(path))
    throw new Error(
      `${file} is a pointer of Git LFS: expected the ${bytes} bytes it stands for. Run \`git lfs pull\`.`,
    );
  throw new Error(`${file} does not match its card: expected sha256 ${expected}, got ${found}.`);
}

/** A clone without Git LFS has a short text where large files should be. What is no file, like a pipe, would block a read. */
function isPointer(path: string): boolean {
  const found = statSync(path);
  return found.isFile() && found.size < mostPointerBytes && readFileSync(path, 'latin1').startsWith(pointerStart);
}

function findClue(bytes: Buffer): boolean {
  return clues.some((clue) => bytes.includes(clue));
}

/** The hash of a file, and whether it contains a clue, which may span two pieces. */
async function lookThrough(path: string): Promise<{ readonly sha256: string; readonly hasClue: boolean }> {
  const hash = createSha256();
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
