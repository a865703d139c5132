/** Reads JSON with a row on each line, under the names that it has. */
import { parseJson } from '../../../json/parse';
import type { Model } from '../../../model/model';
import type { Work } from '../../../turns';
import { isMembers } from '../envelope';

const newline = 0x0a;
const comma = 0x2c;
const linesPerStep = 512;

/** As one JSON array, within the limits of JSON: no value of a line may hold a line break. */
export function* parseLines(model: Model, body: Buffer): Work<unknown> {
  const array = Buffer.allocUnsafe(body.length + 2);
  array[0] = 0x5b;
  body.copy(array, 1);
  let end = array.length - 1;
  // Line breaks at the end are no rows.
  while (end > 1 && (array[end - 1] as number) <= 0x20) end--;
  let rows = 1;
  for (let at = array.indexOf(newline, 1); at !== -1 && at < end; at = array.indexOf(newline, at + 1)) {
    array[at] = comma;
    if (rows++ % linesPerStep === 0) yield;
  }
  array[end] = 0x5d;
  model.checkRows(rows);
  const values = (yield* parseJson(array.subarray(0, end + 1), model.bodyLimits())) as readonly unknown[];
  return values.map(rowOfLine);
}

/** SageMaker's own algorithms take a row as `{"features": […]}`. */
function rowOfLine(value: unknown): unknown {
  if (!isMembers(value)) return value;
  const { features, ...others } = value;
  return Array.isArray(features) && Object.keys(others).length === 0 ? features : value;
}
