/** Reads a directory of captures line by line, and joins what was predicted with what really happened. */
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Truth = string | number;

/** One row that was predicted. */
export interface Answered {
  readonly instance: Readonly<Record<string, unknown>>;
  readonly prediction: Readonly<Record<string, unknown>>;
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
}

type Members = Readonly<Record<string, unknown>>;

/** Calls `visit` for each row of the model of this name. Of feedback for one row the last counts, of captures with one id the first. */
export async function readCaptures(
  directory: string,
  model: string,
  visit: (answered: Answered) => void | Promise<void>,
): Promise<ReadCounts> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.ndjson'));
  if (names.length === 0) throw new TypeError(`Expected files *.ndjson of captures in ${directory}, got none.`);
  const paths = names.sort().map((name) => join(directory, name));
  const counts: ReadCounts = { rows: 0, unreadable: 0, unmatched: 0 };
  const truths = await readTruths(paths, model, counts);
  for await (const record of readRecords(paths)) {
    if (record === undefined || record.model !== model || !Array.isArray(record.predictions)) continue;
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
  for await (const record of readRecords(paths)) {
    if (record === undefined) counts.unreadable++;
    else if (isMembers(record.feedback) && record.model === model)
      truths.set(keyOf(record.id, Number(record.row)), (record.feedback.label ?? record.feedback.value) as Truth);
  }
  return truths;
}

async function* readRecords(paths: readonly string[]): AsyncGenerator<Members | undefined> {
  for (const path of paths) {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
      if (line !== '') yield parse(line);
  }
}

function parse(line: string): Members | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return isMembers(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function* toRows(record: Members, truths: Map<string, Truth>): Generator<Answered> {
  const { id, firstRow = 0, instances, predictions, outside = [] } = record;
  const outsiders = new Set((outside as readonly { readonly row: number }[]).map(({ row }) => row));
  for (const [i, prediction] of (predictions as readonly Members[]).entries()) {
    const key = keyOf(id, Number(firstRow) + i);
    const truth = truths.get(key);
    truths.delete(key);
    yield {
      instance: (instances as readonly Members[])[i] ?? {},
      prediction,
      version: String(record.version),
      day: String(record.time).slice(0, 10),
      isOutside: outsiders.has(i),
      truth,
    };
  }
}

function keyOf(id: unknown, row: number): string {
  return `${row} ${String(id)}`;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
