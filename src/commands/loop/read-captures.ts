/** Reads a directory of captures record by record, and joins what was predicted with what really happened. */
import type { Card } from '../../model/card/card';
import { createHiding, type Hiding } from './hide-private';
import { findFiles, isLines, type Missing, readFiles } from './read-files';
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
  /** Whether feedback for this id belongs to a row that was asked before. */
  readonly isRepeat: boolean;
}

export interface ReadCounts extends Missing {
  rows: number;
  /** Lines that are no records, such as one that a crash cut off. */
  unreadable: number;
  /** Records of models with another name, which are none of this one's. */
  others: number;
  /** Feedback for rows that were not captured. */
  unmatched: number;
  /** Rows whose feedback says different things. */
  contradicted: number;
}

/**
 * Calls `visit` for each row of the model of this card's name. Of feedback for one row the last counts, of captures with one id the first:
 * by their times, since the files of several servers overlap.
 */
export async function readCaptures(
  directory: string,
  model: Pick<Card, 'name' | 'features'>,
  visit: (answered: Answered) => void | Promise<void>,
  parse: Parse = JSON.parse,
): Promise<ReadCounts> {
  const paths = findFiles(directory);
  const counts = noCounts();
  const read = (from: readonly string[], into = noCounts()) => readRecords(from, model.name, parse, into);
  const hiding = createHiding(model);
  // Feedback is in lines alone.
  const told = await readFeedback(read(paths.filter(isLines)));
  if (told.size > 0) await findFirst(read(paths), told);
  for await (const record of read(paths, counts)) {
    if (record.kind !== 'capture') continue;
    for (const answered of toRows(record, told, hiding)) {
      counts.rows++;
      const visiting = visit(answered);
      if (visiting !== undefined) await visiting;
    }
  }
  counts.unmatched = countOf(told, ({ isMatched }) => !isMatched);
  counts.contradicted = countOf(told, ({ isDisputed }) => isDisputed);
  return counts;
}

const noCounts = (): ReadCounts => ({
  rows: 0,
  unreadable: 0,
  others: 0,
  unmatched: 0,
  contradicted: 0,
  goneFiles: 0,
  brokenFiles: 0,
});

interface Told extends Pick<FeedbackRecord, 'truth' | 'time'> {
  isDisputed: boolean;
  /** When the row was asked first; undefined if it was not captured. */
  askedAt: string | undefined;
  isMatched: boolean;
}

function countOf(told: ReadonlyMap<string, Told>, matches: (each: Told) => boolean): number {
  let count = 0;
  for (const each of told.values()) if (matches(each)) count++;
  return count;
}

/** What feedback says, by id and row. */
async function readFeedback(records: ReturnType<typeof readRecords>): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for await (const record of records) {
    if (record.kind !== 'feedback') continue;
    const { truth, time } = record;
    const key = keyOf(record.id, record.row);
    const other = told.get(key);
    const isDisputed = other !== undefined && (other.isDisputed || other.truth !== truth);
    if (other !== undefined) other.isDisputed = isDisputed;
    if (other === undefined || !isBefore(time, other.time))
      told.set(key, { truth, time, isDisputed, askedAt: undefined, isMatched: false });
  }
  return told;
}

/** What has no time comes before what has one. */
function isBefore(one: unknown, other: unknown): boolean {
  return typeof other === 'string' && (typeof one !== 'string' || one < other);
}

async function findFirst(records: ReturnType<typeof readRecords>, told: Map<string, Told>): Promise<void> {
  for await (const record of records) {
    if (record.kind !== 'capture') continue;
    const { id, firstRow, predictions, time } = record;
    for (const i of predictions.keys()) {
      const found = told.get(keyOf(id, firstRow + i));
      if (found !== undefined && (found.askedAt === undefined || time < found.askedAt)) found.askedAt = time;
    }
  }
}

/** Counts in `counts` what is no record of the model. */
async function* readRecords(
  paths: readonly string[],
  model: string,
  parse: Parse,
  counts: ReadCounts,
): AsyncGenerator<CaptureRecord | FeedbackRecord> {
  for await (const line of readFiles(paths, counts)) {
    const record = line === undefined ? undefined : parseRecord(line, model, parse);
    if (record === undefined) counts.unreadable++;
    else if (record === 'other') counts.others++;
    else yield record;
  }
}

function* toRows(record: CaptureRecord, told: Map<string, Told>, hiding: Hiding): Generator<Answered> {
  const { id, firstRow, instances, predictions, outside, version, time, protocol, latencyMicroseconds } = record;
  const day = time.slice(0, 10);
  const shared = { id, version, time, day, protocol, latencyMicroseconds };
  for (const [i, prediction] of predictions.entries()) {
    const row = firstRow + i;
    const key = keyOf(id, row);
    const found = told.get(key);
    const feedback = found?.isMatched === false && found.askedAt === time ? found : undefined;
    if (feedback !== undefined) feedback.isMatched = true;
    yield {
      ...shared,
      key,
      row,
      instance: hiding.instance(instances[i] as Members),
      prediction,
      outside: hiding.outside(outside.get(i)),
      truth: feedback?.truth,
      toldAt: feedback?.time,
      isRepeat: found !== undefined && feedback === undefined,
    };
  }
}

function keyOf(id: string, row: number): string {
  return `${row} ${id}`;
}
