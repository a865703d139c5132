/** The forms of tables in files, by the ends of their names. */
import { extname } from 'node:path';

export type Form = 'csv' | 'lines' | 'arrow';

const forms: Readonly<Record<string, Form>> = {
  '.csv': 'csv',
  '.ndjson': 'lines',
  '.jsonl': 'lines',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
};

export const mediaTypes: Readonly<Record<Form, string>> = {
  csv: 'text/csv',
  lines: 'application/jsonlines',
  arrow: 'application/vnd.apache.arrow.stream',
};

/** Throws a TypeError for another end. */
export function formOf(path: string): Form {
  const form = forms[extname(path).toLowerCase()];
  if (form !== undefined) return form;
  throw new TypeError(`${path}: expected a name that ends with ${Object.keys(forms).join(', ')}.`);
}
