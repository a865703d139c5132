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

  async function openFile(length: number): Promise<OpenFile> {
    // Before it grows: a process that ends early never fills a file, and the next ones are started in the same directory.
    await makeRoom(Math.max(fileBytes, length));
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
    if (file !== undefined && (isFull(file, bytes.length) || !(await isThere(file)))) await closeFile();
    file ??= await openFile(head.length + bytes.length);
    await write(file, file.size === 0 ? Buffer.concat([head, bytes]) : bytes);
    if (isFull(file, 0)) await closeFile();
  }

  function isFull({ size }: OpenFile, more: number): boolean {
    return size > 0 && size + more > fileBytes;
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

  /** Deletes the oldest, by the time that names begin with. Other processes may delete the same files. */
  async function makeRoom(bytes: number): Promise<void> {
    const others = (kinds - 1) * fileBytes;
    const names = (await readdir(directory)).filter((name) => captureFileName.test(name)).sort();
    const sizes = await Promise.all(names.map((name) => sizeOf(join(directory, name))));
    let sum = sizes.reduce((total, size) => total + size, 0);
    for (let i = 0; i < names.length && sum + bytes + others > maxBytes; i++) {
      await unlink(join(directory, names[i] as string)).then(
        () => {
          deletedBytes += sizes[i] as number;
        },
        () => undefined,
      );
      sum -= sizes[i] as number;
    }
  }

  return { append, deletedBytes: () => deletedBytes, close: closeFile };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
