/** Elements of a tensor in JSON: flat, or nested as the shape is; in row-major order either way. */
import { floatText } from '../../model/decimal';
import { createElementRules } from '../../model/elements';
import { describeValue } from '../../model/faults';
import { createData, type Datatype, type TensorData, type TensorSpec } from '../../model/tensors';
import { toInteger } from './exact-json';
import { expected, invalid } from './faults';

/** Nothing that is a tensor has as many dimensions. */
const deepestNesting = 32;
const elements = createElementRules(toInteger);

/** Reads `count` elements; memory is taken once as many have been seen. `pointer` is the place of the data. */
export function decodeJson(
  { name, datatype }: TensorSpec,
  count: number,
  data: readonly unknown[],
  pointer: string,
  allowsMissing = false,
): TensorData {
  const came = countElements(data, pointer, 1);
  if (came !== count) throw invalid(pointer, `${name}: expected ${count} elements as the shape says, came ${came}`);
  const target = createData(datatype, count) as unknown[];
  const { read, expected: wanted } = elements[datatype];
  let filled = 0;

  function fill(values: readonly unknown[], at: string): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (Array.isArray(value)) fill(value, `${at}/${i}`);
      else {
        const element = value === null && allowsMissing ? Number.NaN : read(value);
        if (element === undefined)
          throw invalid(`${at}/${i}`, `${name}: expected ${wanted}, came ${describeValue(value)}`);
        target[filled++] = element;
      }
    }
  }

  fill(data, pointer);
  return target as TensorData;
}

function countElements(values: readonly unknown[], pointer: string, depth: number): number {
  if (!Array.isArray(values[0]) && !values.some(Array.isArray)) return values.length;
  if (depth === deepestNesting) throw expected(pointer, `arrays nested at most ${deepestNesting} deep`, values);
  let count = 0;
  for (const [i, value] of values.entries())
    count += Array.isArray(value) ? countElements(value, `${pointer}/${i}`, depth + 1) : 1;
  return count;
}

/** The JSON text of elements, in one flat array. */
export function encodeJson(data: TensorData, datatype: Datatype): string {
  if (Array.isArray(data)) return `[${data.map((string) => JSON.stringify(string)).join(',')}]`;
  if (datatype === 'BOOL') return `[${Array.from(data as Uint8Array, (bit) => bit !== 0).join(',')}]`;
  if (datatype !== 'FP32' && datatype !== 'FP64') return `[${data.join(',')}]`;
  let text = '[';
  for (let i = 0; i < data.length; i++)
    text += i === 0 ? floatText(data[i] as number) : `,${floatText(data[i] as number)}`;
  return `${text}]`;
}
