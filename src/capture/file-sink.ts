/** Collects records and writes them to files in the background: what cannot be written waits, and beyond a bound is lost and counted. */
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { logEvent } from '../telemetry/log/log';
import { type CaptureFiles, createCaptureFiles } from './capture-files';
import { createChunks } from './chunks';
import { type CaptureLoss, createLosses, type Sink } from './sink';

const maxRecordLength = 4 * 1024 * 1024;
/** Bytes that may wait for the disk. */
const maxWaiting = 8 * 1024 * 1024;
/** A write costs as much as hundreds of records. */
const writeEveryMs = 1000;
const usualWrite = 1024 * 1024;
const retryMs = 1000;

export function openFileSink(directory: string, maxBytes: number): Sink {
  mkdirSync(directory, { recursive: true });
  return createFileSink(directory, createCaptureFiles(directory, maxBytes));
}

export function createFileSink(directory: string, files: CaptureFiles): Sink {
  const { lost, lose } = createLosses();
  const waiting = createChunks();
  let writtenRows = 0;
  let obstacle: CaptureLoss | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  function add(record: string, rows: number): boolean {
    if (waiting.bytes() + record.length > maxWaiting) {
      lose(obstacle ?? 'unwritten', rows);
      return false;
    }
    waiting.add(record, rows);
    if (writing !== undefined) return true;
    if (waiting.bytes() >= usualWrite && obstacle === undefined) start();
    else timer ??= setTimeout(start, writeEveryMs).unref();
    return true;
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    writing ??= write().finally(() => {
      writing = undefined;
      if (waiting.rows() === 0) return;
      timer ??= setTimeout(start, obstacle === undefined ? writeEveryMs : retryMs).unref();
    });
  }

  async function write(): Promise<void> {
    try {
      for (let chunk = waiting.first(); chunk !== undefined; chunk = waiting.first()) {
        await files.append(chunk.buffer.subarray(0, chunk.length));
        writtenRows += chunk.rows;
        waiting.removeFirst();
        obstacle = undefined;
      }
    } catch (failure) {
      meet(failure as NodeJS.ErrnoException);
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
    const left = waiting.rows();
    if (left > 0) lose(obstacle ?? 'unwritten', left);
    if (left > 0) logEvent('ERROR', `${left} captured rows could not be written to ${directory} and are lost.`);
    waiting.clear();
    void files.close();
  }

  return {
    maxRecordLength,
    add,
    addAll: (records) => add(records.join('\n'), records.length),
    lose,
    read: () => ({
      lost,
      writtenRows,
      waiting: waiting.bytes(),
      deletedBytes: files.deletedBytes(),
    }),
    close,
  };
}

function reasonOf({ code = '' }: NodeJS.ErrnoException): CaptureLoss {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  return code === 'ENOENT' ? 'directory_gone' : 'failed';
}
