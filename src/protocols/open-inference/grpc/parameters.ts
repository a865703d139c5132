/** Parameters of a request and of its answer: texts, each with one value of several types. */
import { escapePointer } from '../../../model/instances/faults';
import { type Cursor, readDouble, readMessage, readSigned, readText, wireTypes } from '../../../protobuf/cursor';
import { bytesField, doubleField, textField } from '../../../protobuf/write';
import { expected } from '../../shared/faults';
import { eachField } from './fields';

// Loaded for parameters that are not the protocol's.
const loadMisspelled = () => require('../../shared/misspelled') as typeof import('../../shared/misspelled');

const classesParameter = 'classification';
const coverageParameter = 'coverage';
const entryFields = { key: 1, value: 2 } as const;
const valueFields = { text: 3, decimal: 4 } as const;

/** The number of classes, if this entry of the parameters holds it. */
export function readClasses(entry: Cursor, pointer: string): number | undefined {
  const { key, value } = readEntry(entry, readInteger);
  if (key !== classesParameter) return undefined;
  if (value === undefined || !Number.isSafeInteger(value) || value <= 0)
    throw expected(`${pointer}/parameters/classification`, 'a number of classes in int64_param', value);
  return value;
}

/** The coverage, if this entry of the parameters holds it. */
export function readCoverage(entry: Cursor): number | undefined {
  const { key, value } = readEntry(entry, readDecimal);
  if (key !== coverageParameter) {
    loadMisspelled().refuseAlmost(key, [coverageParameter], `/parameters/${escapePointer(key)}`);
    return undefined;
  }
  if (value === undefined) throw expected('/parameters/coverage', 'a number in double_param', value);
  return value;
}

function readEntry<Value>(entry: Cursor, read: (parameter: Cursor) => Value | undefined) {
  let key = '';
  let value: Value | undefined;
  eachField(entry, (cursor) => {
    if (cursor.field === entryFields.key) key = readText(cursor);
    else if (cursor.field === entryFields.value) value = read(readMessage(cursor));
    else return false;
    return true;
  });
  return { key, value };
}

/** The value of a parameter that is a decimal: the protocol's first version has strings only. */
function readDecimal(parameter: Cursor): number | undefined {
  let value: number | undefined;
  eachField(parameter, (cursor) => {
    if (cursor.field === valueFields.decimal && cursor.wireType === wireTypes.fixed64) value = readDouble(cursor);
    else if (cursor.field === valueFields.text) value = Number(readText(cursor) || Number.NaN);
    else return false;
    return true;
  });
  return value;
}

/** The value of a parameter that is an integer. */
function readInteger(parameter: Cursor): number | undefined {
  let value: number | undefined;
  eachField(parameter, (cursor) => {
    if ((cursor.field !== 2 && cursor.field !== 5) || cursor.wireType !== wireTypes.varint) return false;
    value = readSigned(cursor);
    return true;
  });
  return value;
}

/** One entry for each parameter, as the field `field`. */
export function writeParameters(field: number, parameters: Readonly<Record<string, string | number>>): Buffer {
  const entries = Object.entries(parameters).map(([key, value]) => {
    const written =
      typeof value === 'number' ? doubleField(valueFields.decimal, value) : textField(valueFields.text, value);
    const entry = Buffer.concat([textField(entryFields.key, key), bytesField(entryFields.value, written)]);
    return bytesField(field, entry);
  });
  return Buffer.concat(entries);
}
