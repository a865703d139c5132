/** The classification extension: the largest values of each row as strings "value:index:label". */
import { floatText } from '../../model/tensors/decimal';
import { type Elements, rowWidth, type TensorSpec } from '../../model/tensors/tensors';
import type { Work } from '../../turns';

/** The spec of an output that is answered as classes. */
export function classesSpec(spec: TensorSpec, classes: number): TensorSpec {
  return { name: spec.name, datatype: classesDatatype, shape: [-1, Math.min(classes, rowWidth(spec))] };
}

export const classesDatatype = 'BYTES';

/** Strings of rows `from` to `to`, largest value first; at most `classes` per row. */
export function* classify(
  data: Elements,
  { from, to }: { readonly from: number; readonly to: number },
  spec: TensorSpec,
  classes: number,
  labels: readonly string[] = [],
): Work<string[]> {
  const width = rowWidth(spec);
  // Labels apply to an output with one column per label.
  const suffixes = labels.length === width ? labels.map((label) => `:${label}`) : [];
  const strings: string[] = [];
  for (let first = from * width; first < to * width; first += width) {
    const order = Array.from({ length: width }, (_, column) => column);
    order.sort((a, b) => compare(Number(data[first + a]), Number(data[first + b])) || a - b);
    for (const column of order.slice(0, classes))
      strings.push(`${toText(data[first + column])}:${column}${suffixes[column] ?? ''}`);
    yield;
  }
  return strings;
}

/** Descending, with NaN last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** Unlike JSON, text can carry NaN, Infinity and -Infinity. */
function toText(value: unknown): string {
  return Number.isFinite(value) ? floatText(value as number) : String(value);
}
