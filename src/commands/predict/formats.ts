/** The forms of tables in files, by the ends of their names. */
import { extname } from 'node:path';
import { UsageError } from '../command-line.cjs';

export type Form = 'csv' | 'lines' | 'arrow';

const forms: Readonly<Record<string, Form>> = {
  '.csv': 'csv',
  '.ndjson': 'lines',
  '.jsonl': 'lines',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
};

const ends = Object.keys(forms).join(', ');

export const mediaTypes: Readonly<Record<Form, string>> = {
  csv: 'text/csv',
  lines: 'application/jsonlines',
  arrow: 'application/vnd.apache.arrow.stream',
};

/** Throws a UsageError for another end. */
export function formOf(path: string): Form {
  const form = forms[extname(path).toLowerCase()];
  if (form !== undefined) return form;
  throw new UsageError(`${JSON.stringify(path)} is no name of a table: expected one that ends with ${ends}.`);
}
