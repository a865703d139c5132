/** Reads the sets of an answer to a table in each of its forms, numbers as exact as the tensors of a float32. */
import { readColumns } from '../../src/arrow/columns';
import { toContinued } from '../../src/arrow/messages';
import { readStream } from '../../src/arrow/stream';
import { writeStream } from '../../src/arrow/write-stream';
import type { Prediction } from '../served-coverage';

export const arrowType = 'application/vnd.apache.arrow.stream';
const lines = 'application/jsonlines';
export const csvWithHeader = 'text/csv; header=present';

type Rows = readonly (readonly unknown[])[];
type Read = (body: Buffer) => readonly unknown[];

/** The set in the cells or the columns of a row. */
function toSet(row: readonly (readonly [name: string, value: unknown])[]): unknown {
  const own = row.flatMap(([name, value]) => {
    const [, set, element = ''] = /^(label_set|interval)\.(.*)$/.exec(name) ?? [];
    return set === undefined ? [] : [{ set, element, value }];
  });
  if (own[0]?.set === 'label_set') return own.filter(({ value }) => value === true).map(({ element }) => element);
  return Object.fromEntries(own.map(({ element, value }) => [element, Math.fround(Number(value))]));
}

export const ofPrediction = ({ label_set: labels, interval }: Prediction) =>
  labels ?? (interval && { lower: Math.fround(interval.lower), upper: Math.fround(interval.upper) });
const readJson: Read = (body) => JSON.parse(body.toString()).predictions.map(ofPrediction);
const readLines: Read = (body) =>
  body
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => ofPrediction(JSON.parse(line)));
const readCsv: Read = (body) => {
  const [names = [], ...rows] = body
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const toValue = (cell = '') => (/^(?:true|false)$|^[-+.\de]+$/.test(cell) ? JSON.parse(cell) : cell);
  return rows.map((cells) => toSet(names.map((name, i) => [name, toValue(cells[i])])));
};
export const readArrow: Read = (body) => {
  const { fields, batches } = readStream(body);
  return batches.flatMap((batch) => {
    const columns = readColumns(fields, batch);
    return Array.from({ length: batch.rows }, (_, row) =>
      toSet(fields.map(({ name }, i) => [name, columns[i]?.at(row)])),
    );
  });
};

/** What is accepted, by the form of the answer. */
export const forms: readonly (readonly [name: string, accept: string, read: Read])[] = [
  ['JSON', 'application/json', readJson],
  ['lines', lines, readLines],
  ['CSV', csvWithHeader, readCsv],
  ['Arrow', arrowType, readArrow],
];

export function toArrow(rows: Rows, features: readonly string[], isFirst = true): Buffer {
  const columns = features.map((name, feature) => {
    const values = Float64Array.from(rows, (row) => Number(row[feature]));
    return { name, type: { kind: 'float', bits: 64 } as const, buffers: [Buffer.from(values.buffer)] };
  });
  return toContinued(Buffer.concat(writeStream(columns, rows.length)), isFirst);
}
