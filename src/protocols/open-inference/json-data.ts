/** Elements of a tensor in JSON: flat, or nested as the shape is; in row-major order either way. */
import { floatText } from '../../model/decimal';
import { describeValue } from '../../model/faults';
import { createData, type Datatype, type TensorData, type TensorSpec } from '../../model/tensors';
import { toInteger } from './exact-json';
import { expected, invalid } from './faults';

/** Nothing that is a tensor has as many dimensions. */
const deepestNesting = 32;
const largestFloat32 = 3.4028234663852886e38;

/** The element that a JSON value is, or undefined when it is none of the datatype. */
type ReadElement = (value: unknown) => number | bigint | string | undefined;

const elements: Readonly<Record<Datatype, { readonly expected: string; readonly read: ReadElement }>> = {
  BOOL: {
    expected: 'true or false',
    read: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  },
  UINT8: integers(0, 255),
  UINT16: integers(0, 65_535),
  UINT32: integers(0, 4_294_967_295),
  UINT64: longIntegers(0n, 2n ** 64n - 1n),
  INT8: integers(-128, 127),
  INT16: integers(-32_768, 32_767),
  INT32: integers(-2_147_483_648, 2_147_483_647),
  INT64: longIntegers(-(2n ** 63n), 2n ** 63n - 1n),
  FP32: {
    expected: 'a number that fits a float32',
    read: (value) => (typeof value === 'number' && Math.abs(value) <= largestFloat32 ? value : undefined),
  },
  FP64: {
    expected: 'a number',
    read: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  },
  BYTES: { expected: 'a string', read: (value) => (typeof value === 'string' ? value : undefined) },
};

function integers(least: number, most: number) {
  const isOne = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return {
    expected: `an integer from ${least} to ${most}`,
    read: (value: unknown) => (isOne(value) ? value : undefined),
  };
}

function longIntegers(least: bigint, most: bigint) {
  return {
    expected: `an integer from ${least} to ${most}`,
    read(value: unknown) {
      const integer = toInteger(value);
      return integer !== undefined && integer >= least && integer <= most ? integer : undefined;
    },
  };
}

/** Reads `count` elements; memory is taken once as many have been seen. `pointer` is the place of the data. */
export function decodeJson(
  { name, datatype }: TensorSpec,
  count: number,
  data: readonly unknown[],
  pointer: string,
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
        const element = read(value);
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
