/** Files of records in one directory: opened anew when full or gone, the oldest deleted when all take too much. */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface CaptureFiles {
  /** Appends whole lines or batches, all or none of them. Rejects with what the file system says. */
  append(bytes: Buffer): Promise<void>;
  deletedBytes(): number;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly inode: number;
  size: number;
}

export interface FileKind {
  /** The end of their names. */
  readonly extension: 'ndjson' | 'arrows';
  /** What each file begins with. */
  readonly head?: Buffer | undefined;
  /** How many kinds of files are written to the directory. */
  readonly kinds: number;
}

const filesPerDirectory = 8;
const largestFile = 64 * 1024 * 1024;
const captureFileName = /^captures-[\w-]+\.(ndjson|arrows)$/;
const lines: FileKind = { extension: 'ndjson', kinds: 1 };
const noHead = Buffer.alloc(0);

/** Tells apart files that are opened in the same millisecond. */
let opened = 0;

export function createCaptureFiles(
  directory: string,
  maxBytes: number,
  { extension, head = noHead, kinds }: FileKind = lines,
): CaptureFiles {
  const fileBytes = Math.min(largestFile, Math.ceil(maxBytes / filesPerDirectory / kinds));
  let file: OpenFile | undefined;
  let deletedBytes = 0;

  async function openFile(): Promise<OpenFile> {
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const path = join(directory, `captures-${time}-${process.pid}-${opened++}.${extension}`);
    // What callers sent is for the owner alone.
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    return { handle, path, inode: (await handle.stat()).ino, size: 0 };
  }

  /** A file that was deleted would take lines that nobody finds. */
  async function isThere({ path, inode }: OpenFile): Promise<boolean> {
    return (await stat(path).catch(() => undefined))?.ino === inode;
  }

  async function append(bytes: Buffer): Promise<void> {
    if (file !== undefined && (file.size + bytes.length > fileBytes || !(await isThere(file)))) await closeFile();
    if (file === undefined) {
      await deleteOldest(bytes.length);
      file = await openFile();
    }
    await write(file, file.size === 0 ? Buffer.concat([head, bytes]) : bytes);
  }

  async function write(to: OpenFile, bytes: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length)
        written += (await to.handle.write(bytes, written, bytes.length - written, to.size + written)).bytesWritten;
    } catch (failure) {
      // Half a line would spoil the next one.
      await to.handle.truncate(to.size).catch(() => undefined);
      throw failure;
    }
    to.size += bytes.length;
  }

  async function closeFile(): Promise<void> {
    const closed = file;
    file = undefined;
    await closed?.handle.close().catch(() => undefined);
  }

  /** Until there is room for a file that begins with so many bytes. Names begin with the time. Other processes may delete the same files. */
  async function deleteOldest(bytes: number): Promise<void> {
    const room = Math.max(fileBytes, head.length + bytes) + (kinds - 1) * fileBytes;
    const names = (await readdir(directory)).filter((name) => captureFileName.test(name)).sort();
    const sizes = await Promise.all(
      names.map((name) =>
        stat(join(directory, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    let sum = sizes.reduce((total, size) => total + size, 0);
    for (let i = 0; i < names.length && sum > maxBytes - room; i++) {
      const size = sizes[i] as number;
      await unlink(join(directory, names[i] as string)).catch(() => undefined);
      sum -= size;
      deletedBytes += size;
    }
  }

  return { append, deletedBytes: () => deletedBytes, close: closeFile };
}
