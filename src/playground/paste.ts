/** Fills the form with a row that was pasted: JSON, or cells of a table with or without a header. */
import type { Entries } from './entries';
import { byId, data, type Feature, say, type Value } from './page';
import { parseTable, toPoint } from './table-text';

export function listenToPaste(fill: (entries: Entries) => void): void {
  byId('paste').addEventListener('click', () => {
    try {
      fill(readRow(byId<HTMLTextAreaElement>('pasted').value.trim()));
      say(byId('paste-fault'), '');
    } catch (failure) {
      say(byId('paste-fault'), (failure as Error).message);
    }
  });
}

function readRow(text: string): Entries {
  if (text === '') throw new Error('Expected a row, got nothing.');
  const row: Row = /^[[{]/.test(text) ? unwrap(readJson(text)) : readCells(text);
  if (isList(row)) {
    if (row.length === data.features.length) return row;
    throw new Error(`Expected ${data.features.length} values, got ${row.length}.`);
  }
  if (data.features.every(({ name }) => !Object.hasOwn(row, name)))
    throw new Error(
      `Expected values by the names of features, got ${Object.keys(row).slice(0, 5).join(', ') || 'none'}.`,
    );
  return data.features.map(({ name }) => (Object.hasOwn(row, name) ? row[name] : undefined));
}

type Row = Entries | Readonly<Record<string, Value>>;

const isList = (row: Row): row is Entries => Array.isArray(row);

function readJson(text: string): Row {
  try {
    return JSON.parse(text) as Row;
  } catch (failure) {
    throw new Error(`Expected JSON, got a fault in it: ${(failure as Error).message}.`);
  }
}

/** The first row of the body of a request, or of a list of rows. */
function unwrap(json: Row): Row {
  if (!isList(json)) return Array.isArray(json.instances) ? unwrap(json.instances as Entries) : json;
  const [first] = json;
  const isRow = (each: unknown) => typeof each === 'object' && each !== null;
  // A row of one feature may be a list that holds a list.
  if (!isRow(first) || (json.length === data.features.length && data.features[0]?.kind === 'json')) return json;
  return json.every(isRow) ? (first as Row) : json;
}

function readCells(text: string): Row {
  const { separator, lines } = parseTable(text);
  const [first = [], second] = lines.map((line) => (separator === ';' ? line.map(toPoint) : line));
  const names = data.features.map(({ name }) => name);
  if (second === undefined || !first.some((cell) => names.includes(cell)))
    return first.map((cell, i) => toValue(data.features[i], cell));
  const cells = first.map((name, i) => [name, toValue(data.features[names.indexOf(name)], second[i] ?? '')] as const);
  return Object.fromEntries(cells.filter((cell): cell is [string, Value] => cell[1] !== undefined));
}

function toValue(feature: Feature | undefined, cell: string): Value | undefined {
  if (feature?.kind === 'boolean') return /^(true|1|yes)$/i.test(cell);
  return cell === '' ? undefined : cell;
}
