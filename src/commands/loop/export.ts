/** Writes captured rows with their feedback as a Parquet file, which is there whole or not at all. */
import { renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants } from 'node:os';
import { parseExactly } from '../../json/exact';
import { type Card, readCard } from '../../model/card/card';
import { datatypes } from '../../model/tensors/datatypes';
import { requireReplaceable } from '../named-paths';
import { createParquetFile } from './parquet-file';
import { type Answered, type ReadCounts, readCaptures } from './read-captures';
import { type Column, createColumns } from './table-columns';

export interface ExportOptions {
  readonly captures: string;
  readonly modelDirectory: string;
  readonly out: string;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

export interface Exported {
  readonly columns: number;
  readonly counts: ReadCounts;
  readonly withFeedback: number;
  /** Values of another type than the card says, which are null in the file. */
  readonly misfits: number;
}

export async function exportCaptures({ captures, modelDirectory, out, force }: ExportOptions): Promise<Exported> {
  requireReplaceable(out, force);
  const { card } = readCard(modelDirectory);
  const draft = `${out}.${process.pid}`;
  const forget = removeWhenEnded(draft);
  try {
    const exported = await writeTable(card, captures, draft);
    renameSync(draft, out);
    return exported;
  } finally {
    rmSync(draft, { force: true });
    forget();
  }
}

async function writeTable(card: Card, captures: string, path: string): Promise<Exported> {
  const columns = createColumns(card);
  // What callers sent is for the owner alone.
  const file = await open(path, 'wx', 0o600);
  try {
    const table = await createParquetFile(file, columns);
    const sums = { withFeedback: 0, misfits: 0 };
    const parse = hasLongIntegers(card) ? parseExactly : JSON.parse;
    const counts = await readCaptures(captures, card, (answered) => table.add(toRow(columns, answered, sums)), parse);
    await table.finish();
    return { columns: columns.length, counts, ...sums };
  } finally {
    await file.close();
  }
}

function toRow(
  columns: readonly Column[],
  answered: Answered,
  sums: { withFeedback: number; misfits: number },
): unknown[] {
  if (answered.truth !== undefined) sums.withFeedback++;
  return columns.map(({ type, find }) => {
    const value = type.read(find(answered));
    if (value === undefined) sums.misfits++;
    return value ?? null;
  });
}

function hasLongIntegers({ inputs, outputs }: Card): boolean {
  return [...inputs, ...outputs].some(({ datatype }) => datatypes[datatype].isLong);
}

/** Returns what takes that back. */
function removeWhenEnded(path: string): () => void {
  function end(signal: 'SIGINT' | 'SIGTERM'): void {
    rmSync(path, { force: true });
    process.exit(128 + constants.signals[signal]);
  }
  process.on('SIGINT', end).on('SIGTERM', end);
  return () => void process.off('SIGINT', end).off('SIGTERM', end);
}
