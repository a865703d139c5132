/** Reads CSV (RFC 4180) into rows: by the names of a header, else in the order of the features. */
import { isUtf8 } from 'node:buffer';
import type { Card, Feature } from '../../../model/card/card';
import { quote } from '../../../model/instances/faults';
import type { Model } from '../../../model/model';
import { datatypes } from '../../../model/tensors/datatypes';
import type { TensorSpec } from '../../../model/tensors/tensors';
import { Problem } from '../../../problem';
import type { Work } from '../../../turns';
import { invalid, oneOf } from '../faults';

const recordsPerStep = 256;
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

type ToValue = (cell: string) => unknown;

export interface CsvReader {
  /** Takes the first record alone. Returns whether it is a header, and no row. */
  begin(record: Buffer): boolean;
  /** The rows of a table, or of a part of one that has begun. */
  read(body: Buffer): Work<readonly object[]>;
}

/** Throws the problems of what it reads. */
export function createCsvReader(model: Model, contentType: string): CsvReader {
  const { callersCard } = model;
  const { features } = callersCard;
  const order = features.map(({ name }) => name);
  let names: readonly string[] | undefined;
  let toValues: readonly ToValue[] | undefined;

  const recordsIn = (bytes: Buffer) => recordsOf(toText(bytes), features.length + 1);

  function begin(record: Buffer): boolean {
    for (const first of recordsIn(record)) return isHeader(first);
    return false;
  }

  function isHeader(first: readonly string[]): boolean {
    names = readHeader(features, first, contentType);
    toValues = (names ?? order).map((name) => toValueOf(callersCard, name));
    return names !== undefined;
  }

  function* read(body: Buffer): Work<readonly object[]> {
    const rows: object[] = [];
    for (const record of recordsIn(body)) {
      if (rows.length % recordsPerStep === recordsPerStep - 1) yield;
      if (toValues === undefined && isHeader(record)) continue;
      if (rows.length === model.limits.maxRequestRows) model.checkRows(rows.length + 1);
      rows.push(toRow(record, names, toValues ?? [], rows.length));
    }
    return rows;
  }

  return { begin, read };
}

const byteOrderMark = /^\uFEFF/;

function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Problem('malformed-body', 'Expected UTF-8 text, got bytes that are not valid UTF-8.');
  return bytes.toString().replace(byteOrderMark, '');
}

function toRow(
  record: readonly string[],
  names: readonly string[] | undefined,
  toValues: readonly ToValue[],
  row: number,
): object {
  if (record.length !== toValues.length)
    throw invalid(
      `/${row}`,
      `expected ${toValues.length} values separated by commas, got ${record.length === toValues.length + 1 ? 'more' : record.length}`,
    );
  const values = record.map((cell, i) => (toValues[i] as ToValue)(cell));
  return names === undefined ? values : Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** The names of a first record that has any; undefined if it is a row. SageMaker may say which, as `text/csv; header=present`. */
function readHeader(
  features: readonly Feature[],
  record: readonly string[],
  contentType: string,
): readonly string[] | undefined {
  const [, said] = /;\s*header\s*=\s*"?(present|absent)/i.exec(contentType) ?? [];
  const known = new Set(features.map(({ name }) => name));
  const names = record.map((cell) => cell.trim());
  if (said?.toLowerCase() === 'absent' || (said === undefined && !names.some((name) => known.has(name))))
    return undefined;
  const wrong = names.findIndex((name, i) => !known.has(name) || names.indexOf(name) !== i);
  if (wrong === -1) return names;
  throw invalid('', `expected columns named ${oneOf([...known])}, each once, got ${quote(names[wrong] as string)}`);
}

/** Cells have no type: the feature decides. What cannot be read stays text, which the contract refuses by its place. */
function toValueOf({ features, inputs }: Card, name: string): ToValue {
  const feature = features.find((each) => each.name === name) as Feature;
  const { datatype } = inputs.find((input) => input.name === feature.input) as TensorSpec;
  const { kind } = datatypes[datatype];
  if (kind === 'text') return (cell) => cell;
  if (kind === 'boolean')
    return (cell) => ({ true: true, false: false, 1: true, 0: false })[cell.trim().toLowerCase()] ?? cell;
  return (cell) => (decimal.test(cell) ? Number(cell) : toMissing(cell));
}

function toMissing(cell: string): unknown {
  return /^\s*(?:nan|null|na)?\s*$/i.test(cell) ? null : cell;
}

/** Records of at most `maxCells` cells: those beyond are not kept. Empty lines are skipped. */
function* recordsOf(text: string, maxCells: number): Generator<readonly string[]> {
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    let isLast = false;
    while (!isLast) {
      const { cell, next } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
      if (cells.length < maxCells) cells.push(cell);
      isLast = text[next] !== ',';
      at = next + 1;
    }
    if (cells.length > 1 || cells[0] !== '') yield cells;
  }
}

const cellEnd = /[,\n]/g;

function plainCell(text: string, from: number) {
  cellEnd.lastIndex = from;
  const next = cellEnd.exec(text)?.index ?? text.length;
  return {
    cell: text.slice(from, text[next - 1] === '\r' && text[next] !== ',' ? Math.max(from, next - 1) : next),
    next,
  };
}

function quotedCell(text: string, from: number) {
  const parts: string[] = [];
  let at = from + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close === -1)
      throw new Problem('malformed-body', `Expected CSV: the quote at character ${from} is never closed.`);
    parts.push(text.slice(at, close));
    at = close + 1;
    if (text[at] !== '"') break;
    parts.push('"');
    at++;
  }
  if (text[at] === '\r') at++;
  if (at < text.length && text[at] !== ',' && text[at] !== '\n')
    throw new Problem(
      'malformed-body',
      `Expected a comma or the end of the line after the quote at character ${at - 1}.`,
    );
  return { cell: parts.join(''), next: at };
}
