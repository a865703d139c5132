/** A file of rows: which of its columns are features, and what of it the endpoint gets. */
import { data, isolate, listFew } from './page';
import { parseTable, type Table, toCsv, toPoint } from './table-text';

export interface RowFile {
  /** Names of the columns; those of the features where the file has no header. */
  readonly header: readonly string[];
  readonly rows: Table;
  /** The columns that are features, as CSV with a header. */
  readonly csv: string;
}

/** Throws a RangeError for a file without rows, or without a first line that makes sense. */
export function readRowFile(name: string, text: string): RowFile {
  // Workbooks, pictures and UTF-16 have such characters.
  if (text.includes('\0')) throw new RangeError(`${name} is not text: save the table as CSV (UTF-8).`);
  const { separator, lines } = parseTable(text);
  const names = data.features.map((feature) => feature.name);
  const isKnown = new Set(names);
  const hasHeader = lines[0]?.some((cell) => isKnown.has(cell.trim())) ?? false;
  if (!hasHeader && !isRow(lines[0] ?? []))
    throw new RangeError(
      `${name}: expected a first line with the names of features (${listFew(names)}) or with values, got ${listFew((lines[0] ?? []).map(isolate))}.`,
    );
  const header = hasHeader ? (lines[0] ?? []).map((cell) => cell.trim()) : names;
  const rows = lines.slice(hasHeader ? 1 : 0);
  if (rows.length === 0) throw new RangeError(`${name} has no rows: expected a header and a line for each row.`);
  // Others, such as ids and what really happened, stay in the table and are not sent.
  const places = header.flatMap((column, i) => (isKnown.has(column) ? [i] : []));
  const toSent = separator === ';' ? toPoint : (cell: string) => cell;
  // A row of another width goes as it is, and the endpoint says so.
  const sent = rows.map((row) =>
    row.length === header.length ? places.map((place) => toSent(row[place] as string)) : row,
  );
  return { header, rows, csv: toCsv([places.map((place) => header[place] as string), ...sent]) };
}

/** Whether cells in the places of numbers are numbers. */
function isRow(cells: readonly string[]): boolean {
  return cells.every((cell, i) => {
    const kind = data.features[i]?.kind;
    return (kind !== 'number' && kind !== 'integer') || Number.isFinite(Number(toPoint(cell)));
  });
}
