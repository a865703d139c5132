/** Writes records as lines of the log, which Cloud Logging reads and may hand on to BigQuery. */
import { writeLine } from '../telemetry/log/lines';
import { createLosses, type Sink } from './sink';

/** Cloud Logging takes 256 KiB an entry. */
const maxRecordLength = 200_000;
/** Half of what may wait for a slow reader: lines of requests keep the rest. */
const maxWaiting = 512 * 1024;

export function createLogSink(): Sink {
  const { lost, lose } = createLosses();
  let writtenRows = 0;

  function add(record: string, rows: number): boolean {
    if (process.stdout.writableLength > maxWaiting) {
      lose('unwritten', rows);
      return false;
    }
    writeLine(`{"severity":"INFO","message":"Captured.","capture":${record}}`);
    writtenRows += rows;
    return true;
  }

  return {
    maxRecordLength,
    add,
    lose,
    read: () => ({ lost, writtenRows, waiting: process.stdout.writableLength, deletedBytes: 0 }),
    close: async () => undefined,
  };
}
