/** Where records go: files of a directory, or log lines. */

/** Why rows were dropped. */
export type CaptureLoss = 'too_large' | 'busy' | 'unwritten' | 'disk_full' | 'directory_gone' | 'failed';

export interface SinkReadings {
  /** Rows by whether and why they were lost. */
  readonly lost: ReadonlyMap<CaptureLoss, number>;
  readonly writtenRows: number;
  /** Characters that wait to be written. */
  readonly waiting: number;
  /** Bytes of files that were deleted to make room. */
  readonly deletedBytes: number;
}

export interface Sink {
  /** Longest record that it takes. */
  readonly maxRecordLength: number;
  /** Takes a record, a line of JSON, or returns false and counts its rows as lost. Never throws, never waits. */
  add(record: string, rows: number): boolean;
  /** Takes all of the short records, a row each, or none: then whoever sent them is told, and nothing is lost. */
  addAll(records: readonly string[]): boolean;
  lose(reason: CaptureLoss, rows: number): void;
  read(): SinkReadings;
  /** Writes what waits, for at most a second. */
  close(): Promise<void>;
}

const reasons: readonly CaptureLoss[] = ['too_large', 'busy', 'unwritten', 'disk_full', 'directory_gone', 'failed'];

export function createLosses() {
  const lost = new Map(reasons.map((reason) => [reason, 0]));
  return { lost, lose: (reason: CaptureLoss, rows: number) => void lost.set(reason, (lost.get(reason) ?? 0) + rows) };
}
