/** Reads an Arrow stream into rows: columns are features by their names. Rows of nothing but numbers are copied at once. */
import { type Column, readColumns } from '../../../arrow/columns';
import { MalformedArrow } from '../../../arrow/malformed';
import { type ArrowStream, readStream } from '../../../arrow/stream';
import type { ArrowField, NumberArray } from '../../../arrow/types';
import { NumberRows, type NumberRowsKind } from '../../../json/number-rows';
import { quote } from '../../../model/instances/faults';
import type { Model } from '../../../model/model';
import { Problem } from '../../../problem';
import type { Work } from '../../../turns';
import { invalid, oneOf } from '../faults';

const rowsPerStep = 512;
/** Numbers that are copied in about 0.1 ms. */
const numbersPerStep = 64 * 1024;

/** A row is an object by feature names; rows of numbers are `NumberRows`. Throws `malformed-body`, and problems that point at rows. */
export function* readArrow(model: Model, body: Buffer): Work<unknown> {
  const stream = asProblem(() => readStream(body));
  checkNames(model, stream.fields);
  return yield* readBatches(model, stream);
}

/** The rows of some batches, whose names have been checked. */
export function* readBatches(model: Model, stream: ArrowStream): Work<unknown> {
  const rows = stream.batches.reduce((sum, batch) => sum + batch.rows, 0);
  model.checkRows(rows);
  try {
    const { numberRows } = model;
    const numbers = numberRows && (yield* copyNumbers(model, stream, numberRows, rows));
    return numbers ?? (yield* readRows(stream));
  } catch (failure) {
    throw toProblem(failure);
  }
}

/** What is wrong with a stream, as callers see it. */
export function toProblem(failure: unknown): unknown {
  if (!(failure instanceof MalformedArrow)) return failure;
  return new Problem('malformed-body', `Expected an Arrow stream: ${failure.message}.`);
}

function asProblem<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (failure) {
    throw toProblem(failure);
  }
}

export function checkNames({ callersCard: { features } }: Model, fields: readonly ArrowField[]): void {
  const names = fields.map(({ name }) => name);
  const known = features.map(({ name }) => name);
  const strange = names.find((name, i) => !known.includes(name) || names.indexOf(name) !== i);
  if (strange !== undefined)
    throw invalid('', `expected columns named ${oneOf(known)}, each once, got ${quote(strange)}`);
  const missing = features.find(({ name, default: fallback }) => fallback === undefined && !names.includes(name));
  if (missing !== undefined) throw invalid('', `expected the column ${quote(missing.name)}, which is missing`);
}

function* readRows({ fields, batches }: ArrowStream): Work<readonly object[]> {
  const names = fields.map(({ name }) => name);
  const rows: object[] = [];
  for (const batch of batches) {
    const columns = readColumns(fields, batch);
    for (let row = 0; row < batch.rows; row++) {
      if (row % rowsPerStep === rowsPerStep - 1) yield;
      rows.push(Object.fromEntries(names.map((name, i) => [name, toValue((columns[i] as Column).at(row))])));
    }
    yield;
  }
  return rows;
}

/** As JSON would have it: a number that is missing in a data frame is NaN. */
function toValue(value: unknown): unknown {
  if (typeof value === 'bigint') return toInteger(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  return Array.isArray(value) ? value.map(toValue) : value;
}

function toInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Undefined where a column has other values than numbers that the model takes: rows tell which. */
function* copyNumbers(
  { callersCard: { features } }: Model,
  { fields, batches }: ArrowStream,
  kind: NumberRowsKind,
  rows: number,
): Work<NumberRows | undefined> {
  const places = features.map(({ name }) => fields.findIndex((field) => field.name === name));
  if (places.includes(-1) || rows === 0) return undefined;
  const data = kind.create(rows * kind.width);
  let from = 0;
  for (const batch of batches) {
    const columns = readColumns(fields, batch);
    for (const [feature, place] of places.entries()) {
      const { numbers } = columns[place] as Column;
      if (numbers === undefined) return undefined;
      const isTaken = yield* copyColumn(numbers, data, { at: from * kind.width + feature, kind });
      if (!isTaken) return undefined;
    }
    from += batch.rows;
  }
  return new NumberRows(rows, data, 0);
}

interface Place {
  readonly at: number;
  readonly kind: NumberRowsKind;
}

function* copyColumn(numbers: NumberArray, data: NumberRows['data'], { at, kind }: Place): Work<boolean> {
  const { width, limit } = kind;
  for (let row = 0; row < numbers.length; row++) {
    if (row % numbersPerStep === numbersPerStep - 1) yield;
    const number = Number(numbers[row]);
    // NaN is in no range.
    if (!(Math.abs(number) <= limit)) return false;
    data[at + row * width] = number;
  }
  return true;
}
