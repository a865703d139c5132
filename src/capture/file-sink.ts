/** Collects what is captured and writes it to files in the background: what cannot be written waits, and beyond a bound is lost and counted. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Card } from '../model/card/card';
import { logEvent } from '../telemetry/log/log';
import type { CaptureFiles } from './capture-files';
import { createLines } from './lines';
import type { Pending } from './pieces';
import { createRowLines, type RowLines } from './row-lines';
import { type CaptureLoss, createLosses, type Sink } from './sink';

const maxRecordLength = 4 * 1024 * 1024;
/** Bytes that may wait for the disk. */
const maxWaiting = 8 * 1024 * 1024;
/** A write costs as much as hundreds of records. */
const writeEveryMs = 1000;
const usualWrite = 1024 * 1024;
const retryMs = 1000;

/** What is collected, and the files that it goes to. */
export interface Outlet {
  readonly pending: Pending;
  readonly files: CaptureFiles;
}

export interface FileSink extends Sink {
  /** Whether so many bytes more may wait; if not, their rows are counted as lost. */
  hasRoom(bytes: number, rows: number): boolean;
  /** Called when something was added to an outlet, or to rows that are held. */
  added(): void;
  /** Rows of a model that wait to be written among the lines; undefined where `createRowLines` is. */
  holdRows(card: Card): RowLines | undefined;
}

/** Lines go to `files`; what else is collected, to the other outlets. */
export function createFileSink(directory: string, files: CaptureFiles, others: readonly Outlet[] = []): FileSink {
  const { lost, lose } = createLosses();
  const lines = createLines();
  const outlets: readonly Outlet[] = [{ pending: lines, files }, ...others];
  let writtenRows = 0;
  let obstacle: CaptureLoss | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  function waitingBytes(): number {
    let bytes = 0;
    for (const { pending } of outlets) bytes += pending.bytes();
    return bytes;
  }

  function waitingRows(): number {
    return outlets.reduce((sum, { pending }) => sum + pending.rows(), 0);
  }

  const fits = (bytes: number) => waitingBytes() + bytes <= maxWaiting;

  function hasRoom(bytes: number, rows: number): boolean {
    if (fits(bytes)) return true;
    lose(obstacle ?? 'unwritten', rows);
    return false;
  }

  function added(): void {
    if (writing !== undefined) return;
    if (waitingBytes() >= usualWrite && obstacle === undefined) start();
    else timer ??= setTimeout(start, writeEveryMs).unref();
  }

  function take(record: string, rows: number): void {
    lines.add(record, rows);
    added();
  }

  function add(record: string, rows: number): boolean {
    if (!hasRoom(record.length, rows)) return false;
    take(record, rows);
    return true;
  }

  function holdRows(card: Card): RowLines | undefined {
    const rows = createRowLines(card, { maxRecordLength, lose, add: lines.add });
    if (rows !== undefined) lines.hold(rows);
    return rows;
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    writing ??= write().finally(() => {
      writing = undefined;
      if (waitingRows() === 0) return;
      timer ??= setTimeout(start, obstacle === undefined ? writeEveryMs : retryMs).unref();
    });
  }

  async function write(): Promise<void> {
    try {
      for (const outlet of outlets) await writeAll(outlet);
    } catch (failure) {
      meet(failure as NodeJS.ErrnoException);
    }
  }

  /** What is collected meanwhile waits until it is worth a write. */
  async function writeAll({ pending, files: to }: Outlet): Promise<void> {
    pending.seal();
    for (let chunk = pending.first(); chunk !== undefined; chunk = pending.first()) {
      await to.append(chunk.bytes);
      writtenRows += chunk.rows;
      pending.removeFirst();
      obstacle = undefined;
    }
  }

  /** Logged when it changes: a full disk fails every second. */
  function meet(failure: NodeJS.ErrnoException): void {
    const met = reasonOf(failure);
    if (met !== obstacle) logEvent('ERROR', `Captures cannot be written to ${directory}; the last ones wait.`, failure);
    obstacle = met;
  }

  async function writeRest(): Promise<void> {
    await writing;
    await write();
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    await Promise.race([writeRest(), delay(retryMs, undefined, { ref: false })]);
    clearTimeout(timer);
    const left = waitingRows();
    if (left > 0) lose(obstacle ?? 'unwritten', left);
    if (left > 0) logEvent('ERROR', `${left} captured rows could not be written to ${directory} and are lost.`);
    for (const { pending, files: open } of outlets) {
      pending.clear();
      void open.close();
    }
  }

  return {
    maxRecordLength,
    add,
    addAll(records) {
      const all = records.join('\n');
      if (!fits(all.length)) return false;
      // Feedback stands behind what it is about.
      lines.flush();
      take(all, records.length);
      return true;
    },
    hasRoom,
    added,
    holdRows,
    lose,
    read: () => ({
      lost,
      writtenRows,
      waiting: waitingBytes(),
      deletedBytes: outlets.reduce((sum, each) => sum + each.files.deletedBytes(), 0),
    }),
    close,
  };
}

function reasonOf({ code = '' }: NodeJS.ErrnoException): CaptureLoss {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  return code === 'ENOENT' ? 'directory_gone' : 'failed';
}
