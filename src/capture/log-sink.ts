/** Writes records as lines of the log, which Cloud Logging reads and may hand on to BigQuery. */
import { writeLine } from '../telemetry/log/lines';
import { createLosses, type Sink } from './sink';

/** Characters, and bytes: Cloud Logging takes 256 KiB an entry. */
const maxRecordLength = 200_000;
/** Half of what may wait for a slow reader: lines of requests keep the rest. */
const maxWaiting = 512 * 1024;

export function createLogSink(): Sink {
  const { lost, lose } = createLosses();
  let writtenRows = 0;

  const hasRoom = () => process.stdout.writableLength <= maxWaiting;

  function write(record: string, rows: number): void {
    writeLine(`{"severity":"INFO","message":"Captured.","capture":${record}}`, (failure) => {
      if (failure) lose('unwritten', rows);
      else writtenRows += rows;
    });
  }

  function add(record: string, rows: number): boolean {
    const obstacle = isTooLarge(record) ? 'too_large' : hasRoom() ? undefined : 'unwritten';
    if (obstacle === undefined) write(record, rows);
    else lose(obstacle, rows);
    return obstacle === undefined;
  }

  function addAll(records: readonly string[]): boolean {
    if (!hasRoom()) return false;
    for (const record of records) write(record, 1);
    return true;
  }

  return {
    maxRecordLength,
    add,
    addAll,
    lose,
    read: () => ({ lost, writtenRows, waiting: process.stdout.writableLength, deletedBytes: 0 }),
    close: async () => undefined,
  };
}

/** Most records are so short that their bytes need not be counted: a character has at most three. */
function isTooLarge(record: string): boolean {
  return record.length > maxRecordLength / 3 && Buffer.byteLength(record) > maxRecordLength;
}
