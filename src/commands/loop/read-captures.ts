/** Reads a directory of captures record by record, and joins what was predicted with what really happened. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../command-line.cjs';
import { readLines } from './read-lines';
import { readTable } from './read-table';
import { type CaptureRecord, type FeedbackRecord, type Members, type Parse, parseRecord, type Truth } from './records';

/** One row that was predicted. */
export interface Answered extends Pick<CaptureRecord, 'id' | 'version' | 'time' | 'protocol' | 'latencyMicroseconds'> {
  /** The id of the request, and the row in it. */
  readonly key: string;
  readonly row: number;
  readonly instance: Members;
  readonly prediction: Members;
  /** In UTC, as 2026-11-27. */
  readonly day: string;
  /** Names of features outside their training range, as they are written; undefined if there are none. */
  readonly outside: unknown;
  /** What really happened, where feedback tells. */
  readonly truth: Truth | undefined;
  readonly toldAt: unknown;
}

export interface ReadCounts {
  rows: number;
  /** Lines that are no records, such as one that a crash cut off. */
  unreadable: number;
  /** Feedback for rows that were not captured. */
  unmatched: number;
  /** Rows of which later feedback says something else. */
  contradicted: number;
}

/** Calls `visit` for each row of the model of this name. Of feedback for one row the last counts, of captures with one id the first. */
export async function readCaptures(
  directory: string,
  model: string,
  visit: (answered: Answered) => void | Promise<void>,
  parse: Parse = JSON.parse,
): Promise<ReadCounts> {
  const names = readdirSync(directory).filter((name) => isLines(name) || isTable(name));
  if (names.length === 0)
    throw new UsageError(`Expected files *.ndjson or *.arrows of captures in ${directory}, got none.`);
  const paths = names.sort().map((name) => join(directory, name));
  const counts: ReadCounts = { rows: 0, unreadable: 0, unmatched: 0, contradicted: 0 };
  // Feedback is in lines alone.
  const told = await readFeedback(readRecords(paths.filter(isLines), model, parse), counts);
  for await (const record of readRecords(paths, model, parse)) {
    if (record === undefined) counts.unreadable++;
    if (record?.kind !== 'capture') continue;
    for (const answered of toRows(record, told)) {
      counts.rows++;
      const visiting = visit(answered);
      if (visiting !== undefined) await visiting;
    }
  }
  counts.unmatched = told.size;
  return counts;
}

const isLines = (path: string) => path.endsWith('.ndjson');
const isTable = (path: string) => path.endsWith('.arrows');

type Told = Pick<FeedbackRecord, 'truth' | 'time'>;

/** What feedback says, by id and row. */
async function readFeedback(records: ReturnType<typeof readRecords>, counts: ReadCounts): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for await (const record of records) {
    if (record?.kind !== 'feedback') continue;
    const { truth, time } = record;
    const key = keyOf(record.id, record.row);
    const earlier = told.get(key);
    if (earlier !== undefined && earlier.truth !== truth) counts.contradicted++;
    told.set(key, { truth, time });
  }
  return told;
}

/** Undefined for a line that is no record. */
async function* readRecords(
  paths: readonly string[],
  model: string,
  parse: Parse,
): AsyncGenerator<CaptureRecord | FeedbackRecord | undefined> {
  for (const path of paths) {
    for await (const line of isTable(path) ? readTable(path) : readLines(path)) {
      const record = line === undefined ? undefined : parseRecord(line, model, parse);
      if (record !== 'other') yield record;
    }
  }
}

function* toRows(record: CaptureRecord, told: Map<string, Told>): Generator<Answered> {
  const { id, firstRow, instances, predictions, outside, version, time, protocol, latencyMicroseconds } = record;
  const day = time.slice(0, 10);
  const shared = { id, version, time, day, protocol, latencyMicroseconds };
  for (const [i, prediction] of predictions.entries()) {
    const row = firstRow + i;
    const key = keyOf(id, row);
    const feedback = told.get(key);
    told.delete(key);
    yield {
      ...shared,
      key,
      row,
      instance: instances[i] as Members,
      prediction,
      outside: outside.get(i),
      truth: feedback?.truth,
      toldAt: feedback?.time,
    };
  }
}

function keyOf(id: string, row: number): string {
  return `${row} ${id}`;
}
