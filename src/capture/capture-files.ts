/** Files of records in one directory: opened anew when full or gone, the oldest deleted when all take too much. */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface CaptureFiles {
  /** Appends lines, all or none of them. Rejects with what the file system says. */
  append(lines: Buffer): Promise<void>;
  deletedBytes(): number;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly inode: number;
  size: number;
}

const filesPerDirectory = 8;
const largestFile = 64 * 1024 * 1024;
export const captureFileName = /^captures-[\w-]+\.ndjson$/;

export function createCaptureFiles(directory: string, maxBytes: number): CaptureFiles {
  const fileBytes = Math.min(largestFile, Math.ceil(maxBytes / filesPerDirectory));
  let file: OpenFile | undefined;
  let opened = 0;
  let deletedBytes = 0;

  async function openFile(): Promise<OpenFile> {
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const path = join(directory, `captures-${time}-${process.pid}-${opened++}.ndjson`);
    // What callers sent is for the owner alone.
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    return { handle, path, inode: (await handle.stat()).ino, size: 0 };
  }

  /** A file that was deleted would take lines that nobody finds. */
  async function isThere({ path, inode }: OpenFile): Promise<boolean> {
    return (await stat(path).catch(() => undefined))?.ino === inode;
  }

  async function append(lines: Buffer): Promise<void> {
    if (file !== undefined && !(await isThere(file))) await closeFile();
    file ??= await openFile();
    await write(file, lines);
    if (file.size < fileBytes) return;
    await closeFile();
    await deleteOldest();
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

  /** Names begin with the time. Other processes may delete the same files. */
  async function deleteOldest(): Promise<void> {
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
    for (let i = 0; i < names.length && sum > maxBytes - fileBytes; i++) {
      const size = sizes[i] as number;
      await unlink(join(directory, names[i] as string)).catch(() => undefined);
      sum -= size;
      deletedBytes += size;
    }
  }

  return { append, deletedBytes: () => deletedBytes, close: closeFile };
}
