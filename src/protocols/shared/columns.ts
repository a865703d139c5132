/** Columns to instances: lists of values by feature, or whole input tensors by name, as a client with a table sends them. */
import type { Card, Feature } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { escapePointer, quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { rowWidth, type TensorSpec } from '../../model/tensors/tensors';
import { type Fault, Problem } from '../../problem';
import type { Work } from '../../turns';
import type { Members } from './envelope';
import { expected, invalid, oneOf } from './faults';

const rowsPerStep = 512;

interface Column {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** One object per row, keyed by feature. Throws problems that point at the columns, before anything is built. */
export function* instancesOf(
  { card, checkRows }: Pick<Model, 'card' | 'checkRows'>,
  columns: Members,
  pointer: string,
): Work<readonly object[]> {
  const sent = readColumns(card, columns, pointer);
  const [first] = sent;
  const rows = first?.values.length ?? 0;
  checkRows(rows);
  const readers = sent.flatMap((column) => readersOf(card, column, pointer));
  const instances: object[] = [];
  for (let row = 0; row < rows; row++) {
    if (row % rowsPerStep === rowsPerStep - 1) yield;
    const instance: Record<string, unknown> = {};
    for (const { name, read } of readers) instance[name] = read(row);
    instances.push(instance);
  }
  return instances;
}

function readColumns({ features, inputs }: Card, columns: Members, pointer: string): readonly Column[] {
  const known = new Set([...features, ...inputs].map(({ name }) => name));
  const names = Object.keys(columns);
  const strange = names.find((name) => !known.has(name));
  if (strange !== undefined || names.length === 0) {
    const all = [...new Set(features.map(({ name }) => name))];
    throw invalid(
      pointer,
      `expected columns named ${oneOf(all)}, got ${strange === undefined ? 'none' : quote(strange)}`,
    );
  }
  const read = names.map((name) => ({ name, values: readValues(columns[name], placeOf(pointer, name)) }));
  const length = read[0]?.values.length;
  const odd = read.find(({ values }) => values.length !== length);
  if (odd !== undefined)
    throw invalid(
      placeOf(pointer, odd.name),
      `expected ${length} values, as many as ${quote(names[0] as string)} has, got ${odd.values.length}`,
    );
  return read;
}

function readValues(values: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(values)) return values;
  throw expected(pointer, 'an array with the value of each row', values);
}

interface Reader {
  readonly name: string;
  read(row: number): unknown;
}

/** A column is a feature, or a tensor that holds several. A feature has precedence. */
function readersOf({ features, inputs }: Card, { name, values }: Column, pointer: string): readonly Reader[] {
  if (features.some((feature) => feature.name === name)) return [{ name, read: (row) => values[row] }];
  const spec = inputs.find((input) => input.name === name) as TensorSpec;
  const within = features.filter(({ input }) => input === name);
  checkWidths(spec, values, placeOf(pointer, name));
  return within.map((feature) => ({ name: feature.name, read: (row) => elementOf(spec, feature, values[row]) }));
}

function elementOf({ shape }: TensorSpec, { column, shape: own }: Feature, row: unknown): unknown {
  return shape.length === 1 || own !== undefined ? row : (row as readonly unknown[])[column];
}

/** Rows of tensors whose elements are features; others are checked with the features. */
function checkWidths(spec: TensorSpec, rows: readonly unknown[], pointer: string): void {
  if (spec.shape.length === 1) return;
  const width = rowWidth(spec);
  const wrong = rows.findIndex((row) => !Array.isArray(row) || (spec.shape.length === 2 && row.length !== width));
  if (wrong !== -1) throw expected(`${pointer}/${wrong}`, `an array of ${width} values`, rows[wrong]);
}

/** Points faults of instances, `/row/feature`, at columns, `/feature/row`. */
export function pointAtColumns(failure: unknown, pointer: string): unknown {
  if (!(failure instanceof Problem && failure.errors !== undefined)) return failure;
  return invalidInput(failure.errors.map((fault) => swap(fault, pointer)));
}

function swap({ pointer: at, detail }: Fault, pointer: string): Fault {
  const [row = '', name, ...rest] = at.slice(pointer.length + 1).split('/');
  if (name === undefined || !at.startsWith(`${pointer}/`)) return { pointer, detail };
  return { pointer: [pointer, name, row, ...rest].join('/'), detail };
}

function placeOf(pointer: string, name: string): string {
  return `${pointer}/${escapePointer(name)}`;
}
