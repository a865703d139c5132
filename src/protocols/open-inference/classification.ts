/** The classification extension: the largest values of each row as strings "value:index:label". */
import { floatText } from '../../model/decimal';
import { rowWidth, type TensorData, type TensorSpec } from '../../model/tensors';

/** Strings of `rows` rows, largest first, `classes` of each row or as many as there are. */
export function classify(
  data: TensorData,
  spec: TensorSpec,
  classes: number,
  labels: readonly string[] = [],
): string[] {
  const width = rowWidth(spec);
  // Labels name the columns of an output that has one for each.
  const suffixes = labels.length === width ? labels.map((label) => `:${label}`) : [];
  const strings: string[] = [];
  for (let from = 0; from < data.length; from += width) {
    const order = Array.from({ length: width }, (_, column) => column);
    order.sort((a, b) => Number(data[from + b]) - Number(data[from + a]) || a - b);
    for (const column of order.slice(0, classes))
      strings.push(`${toText(data[from + column])}:${column}${suffixes[column] ?? ''}`);
  }
  return strings;
}

function toText(value: unknown): string {
  return typeof value === 'number' ? floatText(value) : String(value);
}
