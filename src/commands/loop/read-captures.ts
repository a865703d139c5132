/** Reads a directory of captures line by line, and joins what was predicted with what really happened. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readLines } from './read-lines';
import { type CaptureRecord, type FeedbackRecord, type Members, parseRecord, type Truth } from './records';

/** One row that was predicted. */
export interface Answered {
  /** The id of the request, and the row in it. */
  readonly key: string;
  readonly instance: Members;
  readonly prediction: Members;
  readonly version: string;
  /** In UTC, as 2026-11-27. */
  readonly day: string;
  readonly isOutside: boolean;
  /** What really happened, where feedback tells. */
  readonly truth: Truth | undefined;
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
): Promise<ReadCounts> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.ndjson'));
  if (names.length === 0) throw new TypeError(`Expected files *.ndjson of captures in ${directory}, got none.`);
  const paths = names.sort().map((name) => join(directory, name));
  const counts: ReadCounts = { rows: 0, unreadable: 0, unmatched: 0, contradicted: 0 };
  const truths = await readTruths(paths, model, counts);
  for await (const record of readRecords(paths, model)) {
    if (record?.kind !== 'capture') continue;
    for (const answered of toRows(record, truths)) {
      counts.rows++;
      const visiting = visit(answered);
      if (visiting !== undefined) await visiting;
    }
  }
  counts.unmatched = truths.size;
  return counts;
}

/** What feedback says, by id and row. */
async function readTruths(paths: readonly string[], model: string, counts: ReadCounts): Promise<Map<string, Truth>> {
  const truths = new Map<string, Truth>();
  for await (const record of readRecords(paths, model)) {
    if (record === undefined) counts.unreadable++;
    if (record?.kind !== 'feedback') continue;
    const { truth } = record;
    const key = keyOf(record.id, record.row);
    const earlier = truths.get(key);
    if (earlier !== undefined && earlier !== truth) counts.contradicted++;
    truths.set(key, truth);
  }
  return truths;
}

/** Undefined for a line that is no record. */
async function* readRecords(
  paths: readonly string[],
  model: string,
): AsyncGenerator<CaptureRecord | FeedbackRecord | undefined> {
  for (const path of paths) {
    for await (const line of readLines(path)) {
      const record = line === undefined ? undefined : parseRecord(line, model);
      if (record !== 'other') yield record;
    }
  }
}

function* toRows(record: CaptureRecord, truths: Map<string, Truth>): Generator<Answered> {
  const { id, firstRow, instances, predictions, version, day, outside } = record;
  for (const [i, prediction] of predictions.entries()) {
    const key = keyOf(id, firstRow + i);
    const truth = truths.get(key);
    truths.delete(key);
    yield { key, instance: instances[i] as Members, prediction, version, day, isOutside: outside.has(i), truth };
  }
}

function keyOf(id: string, row: number): string {
  return `${row} ${id}`;
}
