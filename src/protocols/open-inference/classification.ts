/** The classification extension: the largest values of each row as strings "value:index:label". */
import { floatText } from '../../model/decimal';
import { rowWidth, type TensorData, type TensorSpec } from '../../model/tensors';
import type { Work } from '../../turns';

/** Strings of rows `from` to `to`, largest first: `classes` of each row, or as many as there are. */
export function* classify(
  data: TensorData,
  { from, to }: { readonly from: number; readonly to: number },
  spec: TensorSpec,
  classes: number,
  labels: readonly string[] = [],
): Work<string[]> {
  const width = rowWidth(spec);
  // Labels name the columns of an output that has one for each.
  const suffixes = labels.length === width ? labels.map((label) => `:${label}`) : [];
  const strings: string[] = [];
  for (let first = from * width; first < to * width; first += width) {
    const order = Array.from({ length: width }, (_, column) => column);
    order.sort((a, b) => Number(data[first + b]) - Number(data[first + a]) || a - b);
    for (const column of order.slice(0, classes))
      strings.push(`${toText(data[first + column])}:${column}${suffixes[column] ?? ''}`);
    yield;
  }
  return strings;
}

function toText(value: unknown): string {
  return typeof value === 'number' ? floatText(value) : String(value);
}
