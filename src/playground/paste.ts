/** Fills the form with a row that was pasted: JSON, or cells of a table with or without a header. */
import type { Entries } from './entries';
import { byId, data, type Feature, say, type Value } from './page';
import { parseTable } from './table-text';

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
  const row: Row = /^[[{]/.test(text) ? readJson(text) : readCells(text);
  if (!isList(row)) return data.features.map(({ name }) => (Object.hasOwn(row, name) ? row[name] : undefined));
  if (row.length !== data.features.length)
    throw new Error(`Expected ${data.features.length} values, got ${row.length}.`);
  return row;
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

function readCells(text: string): Row {
  const [first = [], second] = parseTable(text);
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
